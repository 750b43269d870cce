import { concatBytes } from '../../core/bytes.ts';
import { AnyarchError } from '../../core/error.ts';
import { parseRule, type Rule } from '../../core/rule.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { BootRule } from './boot-rule.ts';
import { unreadable } from './unreadable.ts';

type Parts = Pick<Host, 'files'>;

/** binfmt.d(5), the strongest first. Where /lib is a link to /usr/lib, its files are masked by themselves. */
const directories = [
  '/etc/binfmt.d',
  '/run/binfmt.d',
  '/usr/local/lib/binfmt.d',
  '/usr/lib/binfmt.d',
  '/lib/binfmt.d',
];

/** A line of a file. An entry of its name goes, whether the kernel then takes the rule or not. */
export interface BinfmtDLine {
  readonly file: string;
  readonly name: string;
  /** Undefined for what is no rule. */
  readonly rule: Rule | undefined;
}

/**
 * The lines of all files in the order in which systemd-binfmt writes them (src/binfmt/binfmt.c and conf-files.c; compared
 * with the program of version 252): files of all directories by their names' bytes; one of the same name in a stronger
 * directory is read instead, hidden ones are not read.
 */
export function readBinfmtD(host: Parts): BinfmtDLine[] {
  return binfmtDFiles(host).flatMap((file) =>
    linesOf(host, file).map((line) => ({ file, name: nameIn(line), rule: parseOrUndefined(line) })),
  );
}

/** The rules among them. */
export function rulesOf(lines: readonly BinfmtDLine[]): BootRule[] {
  return lines.flatMap(({ file, rule }) => (rule === undefined ? [] : [{ file, rule }]));
}

function binfmtDFiles({ files }: Parts): string[] {
  const paths = new Map<string, string>();
  for (const directory of directories) {
    for (const name of ignoring(unreadable, () => files.list(directory)) ?? [])
      if (name.endsWith('.conf') && !name.startsWith('.') && !paths.has(name))
        paths.set(name, `${directory}/${name}`);
  }
  return [...paths].toSorted(([a], [b]) => compareBytes(a, b)).map(([, path]) => path);
}

/** As strcmp(3) does in the C locale. */
export function compareBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Bytes of a line; a longer one ends the reading of its file (systemd's LONG_LINE_MAX). */
const longest = 1024 * 1024;

const lineEnds = [0x00, 0x0a, 0x0d];
const blanks = [0x20, 0x09, ...lineEnds];
const comments = [0x23, 0x3b];

/** A device or a pipe, such as the /dev/null that masks a file, has none. */
function linesOf({ files }: Parts, path: string): Uint8Array[] {
  if (ignoring(unreadable, () => files.status(path))?.kind !== 'file') return [];
  const bytes = ignoring(unreadable, () => files.read(path)) ?? new Uint8Array();
  const lines: Uint8Array[] = [];
  let start = 0;
  while (start < bytes.length) {
    const length = bytes.subarray(start).findIndex((byte) => lineEnds.includes(byte));
    const end = length === -1 ? bytes.length : start + length;
    if (end - start >= longest) break;
    const line = stripped(bytes.subarray(start, end));
    if (line.length > 0 && !comments.includes(line[0] ?? 0)) lines.push(line);
    start = end + 1;
  }
  return lines;
}

function stripped(line: Uint8Array): Uint8Array {
  const isText = (byte: number) => !blanks.includes(byte);
  const start = line.findIndex(isText);
  return start === -1 ? new Uint8Array() : line.subarray(start, line.findLastIndex(isText) + 1);
}

/** Up to the second delimiter. */
function nameIn(line: Uint8Array): string {
  const end = line.indexOf(line[0] ?? 0, 1);
  return decodeUtf8(line.subarray(1, end === -1 ? undefined : end));
}

/** It is written with a newline. */
function parseOrUndefined(line: Uint8Array): Rule | undefined {
  try {
    return parseRule(concatBytes([line, Uint8Array.of(0x0a)]));
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
