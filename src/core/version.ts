/** What `qemu-ARCH --version` says. */
export interface QemuVersion {
  /** QEMU's target name: `aarch64`. */
  readonly target: string;
  /** QEMU's own version: `11.1.3`, `10.0.0-rc1`. */
  readonly version: string;
  /** What stands in parentheses, whoever built it: `Debian 1:11.1.3+ds-1~bpo13+1`, `v10.0.0-12-gabcdef`. */
  readonly build: string | undefined;
  /** The Debian package's version when Debian (or a derivative that says so) built it. */
  readonly debianVersion: string | undefined;
}

/** Reads the first line of `qemu-ARCH --version`; `undefined` when it is none. */
export function parseQemuVersion(text: string): QemuVersion | undefined {
  const line = (text.split('\n')[0] ?? '').slice(0, 300);
  const [program = '', word, versionWord = ''] = line.split(' ');
  const version = versionWord.endsWith(',') ? versionWord.slice(0, -1) : versionWord;
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (!name.startsWith('qemu-') || word !== 'version' || !isDigit(version, 0)) return undefined;
  const target = name.slice('qemu-'.length);
  const open = line.indexOf('(');
  // "Copyright (c) …" stands on the same line in versions before 2.9.
  const close = line.indexOf(')', open);
  const inside = open < 0 || close < 0 ? '' : line.slice(open + 1, close);
  const build = inside === '' || inside === 'c' ? undefined : inside;
  const debianVersion = build?.startsWith('Debian ') === true ? build.slice('Debian '.length) : undefined;
  return {
    target: target.endsWith('-static') ? target.slice(0, -'-static'.length) : target,
    version,
    build,
    debianVersion,
  };
}

/** Negative when a is older, 0 when equal. A release candidate is older than its release; `10.0` equals `10.0.0`. */
export function compareQemuVersions(a: string, b: string): number {
  const [left, right] = [splitCandidate(a), splitCandidate(b)];
  for (let index = 0; index < Math.max(left.numbers.length, right.numbers.length); index++) {
    const difference = (left.numbers[index] ?? 0) - (right.numbers[index] ?? 0);
    if (difference !== 0) return Math.sign(difference);
  }
  if (left.candidate === right.candidate) return 0;
  return left.candidate < right.candidate ? -1 : 1;
}

function splitCandidate(version: string): { numbers: number[]; candidate: number } {
  const [release = '', candidate] = version.split('-rc');
  const numbers = release.split('.').map((part) => leadingNumber(part));
  return { numbers, candidate: candidate === undefined ? Infinity : leadingNumber(candidate) };
}

function leadingNumber(text: string): number {
  let end = 0;
  while (isDigit(text, end)) end += 1;
  return end === 0 ? 0 : Number(text.slice(0, end));
}

/** Negative when a is older, 0 when equal: `[epoch:]upstream[-revision]` with `~` before everything (Debian Policy 5.6.12). */
export function compareDebianVersions(a: string, b: string): number {
  const [left, right] = [splitDebian(a), splitDebian(b)];
  return (
    compareParts(left.epoch, right.epoch) ||
    compareParts(left.upstream, right.upstream) ||
    compareParts(left.revision, right.revision)
  );
}

function splitDebian(version: string): { epoch: string; upstream: string; revision: string } {
  const colon = version.indexOf(':');
  const rest = version.slice(colon + 1);
  const dash = rest.lastIndexOf('-');
  return {
    epoch: version.slice(0, Math.max(colon, 0)),
    upstream: dash < 0 ? rest : rest.slice(0, dash),
    revision: dash < 0 ? '' : rest.slice(dash + 1),
  };
}

/** Alternates between a run of other characters and a run of digits, as dpkg's `verrevcmp`. */
function compareParts(a: string, b: string): number {
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    while ((i < a.length && !isDigit(a, i)) || (j < b.length && !isDigit(b, j))) {
      const difference = order(a, i) - order(b, j);
      if (difference !== 0) return Math.sign(difference);
      i += 1;
      j += 1;
    }
    const [numberA, numberB] = [digitsAt(a, i), digitsAt(b, j)];
    i += numberA.length;
    j += numberB.length;
    const difference = compareDigits(numberA, numberB);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** `~` sorts before the end, the end and digits before letters, letters before the rest. */
function order(text: string, index: number): number {
  if (index >= text.length || isDigit(text, index)) return 0;
  const character = text.charAt(index);
  if (character === '~') return -1;
  const code = text.charCodeAt(index);
  const isLetter = (character >= 'A' && character <= 'Z') || (character >= 'a' && character <= 'z');
  return isLetter ? code : code + 256;
}

function digitsAt(text: string, start: number): string {
  let end = start;
  while (isDigit(text, end)) end += 1;
  return text.slice(start, end);
}

/** Numbers of any length: dates such as 20261121123456789 are longer than a double is exact. */
function compareDigits(a: string, b: string): number {
  const [left, right] = [withoutZeros(a), withoutZeros(b)];
  if (left.length !== right.length) return Math.sign(left.length - right.length);
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function withoutZeros(digits: string): string {
  let start = 0;
  while (digits.charAt(start) === '0') start += 1;
  return digits.slice(start);
}

function isDigit(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= 0x30 && code <= 0x39;
}
