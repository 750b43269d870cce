import { damaged } from './damaged.ts';

export const blockSize = 512;

/** A header block as it is, before what PAX and GNU say about it in blocks of their own. */
export interface TarHeader {
  /** Type flag, one character. */
  readonly type: string;
  readonly path: string;
  readonly link: string;
  /** Permission bits, `0o7777` masked. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that follow. */
  readonly size: number;
  /** Seconds since the epoch, with a fraction, negative before it. */
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
}

/** Offsets and lengths: POSIX.1-2017, pax, "ustar Interchange Format". */
const fields = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  link: [157, 100],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
} as const;
const checksumStart = 148;
const checksumEnd = 156;

export function isZeroBlock(block: Uint8Array): boolean {
  for (let index = 0; index < blockSize; index += 1) if (block[index] !== 0) return false;
  return true;
}

/**
 * Reads a block that is not all zeros. Numbers may be octal or in GNU's base 256, also negative ones.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID
 */
export function readHeader(block: Buffer): TarHeader {
  checkSum(block);
  const magic = block.toString('latin1', 257, 263);
  const name = text(block, ...fields.name);
  // GNU's headers have times where ustar's have the prefix.
  const prefix = magic === 'ustar\0' ? text(block, ...fields.prefix) : '';
  return {
    type: String.fromCharCode(block[156] ?? 0),
    path: prefix === '' ? name : `${prefix}/${name}`,
    link: text(block, ...fields.link),
    mode: number(block, 'mode') & 0o7777,
    uid: number(block, 'uid'),
    gid: number(block, 'gid'),
    size: number(block, 'size'),
    mtime: number(block, 'mtime'),
    major: number(block, 'major'),
    minor: number(block, 'minor'),
  };
}

/** Old tars summed signed bytes. */
function checkSum(block: Buffer): void {
  let unsigned = 0;
  let negative = 0;
  for (let index = 0; index < blockSize; index += 1) {
    const byte = index >= checksumStart && index < checksumEnd ? 0x20 : (block[index] ?? 0);
    unsigned += byte;
    if (byte > 127) negative += 256;
  }
  const expected = octal(block, checksumStart, checksumEnd);
  if (expected !== unsigned && expected !== unsigned - negative)
    throw damaged('has a header with a wrong checksum');
}

function text(block: Buffer, start: number, length: number): string {
  const end = block.indexOf(0, start);
  return block.toString('latin1', start, end === -1 || end > start + length ? start + length : end);
}

function number(block: Buffer, name: 'mode' | 'uid' | 'gid' | 'size' | 'mtime' | 'major' | 'minor'): number {
  const [start, length] = fields[name];
  const first = block[start] ?? 0;
  const value =
    (first & 0x80) === 0 ? octal(block, start, start + length) : base256(block, start, start + length);
  if (value === undefined || !Number.isSafeInteger(value))
    throw damaged(`has a header whose ${name} is no number`);
  if (value < 0 && name !== 'mtime') throw damaged(`has a header with a negative ${name}`);
  return value;
}

/** Undefined for anything else than digits between spaces and NULs; nothing at all is 0, as everywhere. */
function octal(block: Buffer, start: number, end: number): number | undefined {
  let value = 0;
  let index = start;
  while (index < end && block[index] === 0x20) index += 1;
  for (; index < end; index += 1) {
    const digit = (block[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; index < end; index += 1) {
    const byte = block[index];
    if (byte === 0) return value;
    if (byte !== 0x20) return undefined;
  }
  return value;
}

/** Two's complement, big-endian; the first bit only says that it is one. */
function base256(block: Buffer, start: number, end: number): number {
  const first = block[start] ?? 0;
  const isNegative = (first & 0x40) !== 0;
  let value = isNegative ? (first | 0x80) - 256 : first & 0x7f;
  for (let index = start + 1; index < end; index += 1) value = value * 256 + (block[index] ?? 0);
  return value;
}
