/**
 * Compares two Debian versions: negative when `a` is older.
 * https://www.debian.org/doc/debian-policy/ch-controlfields.html#version
 */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [parse(a), parse(b)];
  return (
    left.epoch - right.epoch ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

/**
 * The version as its makers count: `1:11.1.3+ds-1~bpo13+1` is `11.1.3`, and Debian's repackaging marks
 * (`+ds`, `+dfsg`, `~rc` is kept) are left out.
 */
export function upstreamVersion(version: string): string {
  return parse(version).upstream.replace(/[+~](ds|dfsg)[\d.]*$/, '');
}

function parse(version: string): { epoch: number; upstream: string; revision: string } {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: colon === -1 ? 0 : Number(version.slice(0, colon)),
    upstream: dash === -1 ? rest : rest.slice(0, dash),
    revision: dash === -1 ? '' : rest.slice(dash + 1),
  };
}

/** Alternating runs of non-digits and digits; `~` sorts before the end, letters before everything else. */
function compareParts(a: string, b: string): number {
  const [left, right] = [runs(a), runs(b)];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [x, y] = [left[index] ?? '', right[index] ?? ''];
    const difference = index % 2 === 0 ? compareText(x, y) : Number(x) - Number(y);
    if (difference !== 0) return difference;
  }
  return 0;
}

function runs(text: string): string[] {
  const result: string[] = [];
  for (const [, text_ = '', digits = ''] of text.matchAll(/(\D*)(\d*)/g)) result.push(text_, digits);
  return result;
}

function compareText(a: string, b: string): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const difference = weight(a[index]) - weight(b[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function weight(character: string | undefined): number {
  if (character === undefined) return 0;
  if (character === '~') return -1;
  return /[A-Za-z]/.test(character) ? character.charCodeAt(0) : character.charCodeAt(0) + 256;
}
