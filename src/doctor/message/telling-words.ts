/**
 * Words of which every telling line has one. Looking for them is quick, so that a log of any length can be gone through, and the
 * patterns have to look at what is left only. The unit test holds all patterns' examples against it.
 */
const words =
  /error|exec|denied|permi|cannot|can't|can not|could not|unable|unavail|fail|not |no |unsup|invalid|unknown|missing|signal|\bSIG[A-Z]|\bE(?:LOOP|ACCES|PERM|NO[A-Z])|core dumped|fault|abort|illegal|killed|exit|memory|too many|lost|refus|insuffi|\bELF\b|qemu|avc:|audit|assert|fatal|panic|crash|died|exception|warn|anyarch|\bsu: |\bsudo: |fork|read-only|hang|stuck|non-zero|erreur|fehler|nicht|aucun|permis|keine|zu viele|trop|formato|no existe|demasiados|実行|ファイル|許可|リンク|执行|文件|权限|符号|vdso|caught/i;

export function mayTell(line: string): boolean {
  return words.test(line);
}

/** What hardly anything prints that does not mean it. */
const plainest =
  /exec(?:utable)? format error|cannot execute|ENOEXEC|ELF (?:class|image|header)|uncaught target signal|QEMU internal|Could not open '/i;

export function tellsForSure(line: string): boolean {
  return plainest.test(line);
}
