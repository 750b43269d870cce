import { isRecord } from '../../core/json.ts';

/** One file of a tree, as the listing beside it has it: a line each, in the order of `compareNames` at every level. */
export interface ListedFile {
  /** Bytes, see tree/bytes-path.ts. '' is the tree itself. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'link' | 'fifo' | 'other';
  readonly mode: number;
  /** As seen inside. */
  readonly uid: number;
  readonly gid: number;
  /** Of a file; else 0. */
  readonly size: number;
  /** SHA-256 of a file's content, what a link leads to, else empty. */
  readonly content: string;
  /** Values in base64, by name; only those that the image has. */
  readonly xattrs: Readonly<Record<string, string>>;
}

export function formatLine({ path, kind, mode, uid, gid, size, content, xattrs }: ListedFile): string {
  const more = Object.keys(xattrs).length === 0 ? [] : [xattrs];
  return `${JSON.stringify([path, kind, mode, uid, gid, size, content, ...more])}\n`;
}

/** Undefined for what is no such line. */
export function parseLine(line: string): ListedFile | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  if (!Array.isArray(value)) return undefined;
  const [path, kind, mode, uid, gid, size, content, xattrs = {}] = value as unknown[];
  if (typeof path !== 'string' || typeof content !== 'string' || !isKind(kind) || !isRecord(xattrs))
    return undefined;
  if (![mode, uid, gid, size].every(Number.isSafeInteger)) return undefined;
  const numbers = { mode: Number(mode), uid: Number(uid), gid: Number(gid), size: Number(size) };
  return { path, kind, ...numbers, content, xattrs: xattrs as Record<string, string> };
}

function isKind(value: unknown): value is ListedFile['kind'] {
  return ['file', 'directory', 'link', 'fifo', 'other'].includes(value as string);
}

/** The order of a walk that takes the names of a directory by their bytes. */
export function compareWalked(first: string, second: string): number {
  const [one, two] = [first, second].map((path) => (path === '' ? [] : path.split('/'))) as [
    string[],
    string[],
  ];
  for (let index = 0; ; index += 1) {
    const [left, right] = [one[index], two[index]];
    if (left === undefined || right === undefined)
      return Number(left !== undefined) - Number(right !== undefined);
    if (left !== right) return left < right ? -1 : 1;
  }
}
