import { damaged } from './damaged.ts';

/** What a PAX header says about the next member; what it does not mention is undefined. */
export interface PaxFacts {
  readonly path?: string | undefined;
  readonly link?: string | undefined;
  readonly size?: number | undefined;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly mtime?: number | undefined;
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  /** Records that nothing is unpacked from; only where there are some. */
  readonly others?: ReadonlyMap<string, Uint8Array>;
}

const xattrPrefix = 'SCHILY.xattr.';
const usedKeys: ReadonlySet<string> = new Set(['path', 'linkpath', 'size', 'uid', 'gid', 'mtime']);

/**
 * Reads records of the form `LENGTH KEY=VALUE\n`. Names stay bytes (Latin-1), values of extended attributes too.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID also for sparse files, which no engine writes
 */
export function readPax(bytes: Buffer): PaxFacts {
  const facts: { -readonly [K in keyof PaxFacts]: PaxFacts[K] } = { xattrs: new Map() };
  const xattrs = new Map<string, Uint8Array>();
  const others = new Map<string, Uint8Array>();
  for (const { key, value } of records(bytes)) {
    if (key.startsWith('GNU.sparse.')) throw damaged('has a sparse file of GNU tar, which is not supported');
    if (key.startsWith(xattrPrefix)) {
      const name = key.slice(xattrPrefix.length);
      if (name === '' || name.includes('\0')) throw damaged('names an extended attribute wrongly');
      xattrs.set(name, value);
      continue;
    }
    if (!usedKeys.has(key)) others.set(key, value);
    // An empty value takes back what an earlier record said.
    const text = value.toString('latin1');
    if (key === 'path') facts.path = named(text);
    else if (key === 'linkpath') facts.link = named(text);
    else if (key === 'size' || key === 'uid' || key === 'gid') facts[key] = counted(key, text);
    else if (key === 'mtime') facts.mtime = timed(text);
  }
  return { ...facts, xattrs, ...(others.size === 0 ? {} : { others }) };
}

function* records(bytes: Buffer): Generator<{ readonly key: string; readonly value: Buffer }> {
  for (let start = 0; start < bytes.length;) {
    const space = bytes.indexOf(0x20, start);
    const digits = space === -1 || space - start > 10 ? '' : bytes.toString('latin1', start, space);
    const end = /^\d+$/.test(digits) ? start + Number(digits) : 0;
    const equals = bytes.indexOf(0x3d, space);
    const isWhole = equals > space && equals < end && end <= bytes.length && bytes[end - 1] === 0x0a;
    if (!isWhole) throw damaged('has a damaged PAX header');
    yield { key: bytes.toString('latin1', space + 1, equals), value: bytes.subarray(equals + 1, end - 1) };
    start = end;
  }
}

function named(text: string): string | undefined {
  if (text.includes('\0')) throw damaged('has a name with a NUL in it');
  return text === '' ? undefined : text;
}

function counted(key: string, text: string): number | undefined {
  if (text === '') return undefined;
  const value = /^\d{1,19}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw damaged(`has a PAX header whose ${key} is no number`);
  return value;
}

function timed(text: string): number | undefined {
  if (text === '') return undefined;
  if (!/^-?\d{1,19}(\.\d*)?$/.test(text)) throw damaged('has a PAX header whose mtime is no number');
  return Number(text);
}
