import { hexDigit } from './hex.ts';

/**
 * The register file's text while it is read, with the kernel's primitives and their quirks (fs/binfmt_misc.c,
 * lib/string_helpers.c, lib/kstrtox.c). `undefined` stands for the kernel's EINVAL.
 */
export interface RuleScanner {
  /** Padded with the delimiter behind the text: a missing last delimiter shows only in `atEnd`. */
  readonly buffer: Uint8Array;
  readonly length: number;
  readonly delimiter: number;
  position: number;
}

const padding = 8;

export function startScan(text: Uint8Array): RuleScanner {
  const delimiter = text[0] ?? 0;
  const buffer = new Uint8Array(text.length + padding).fill(delimiter);
  buffer.set(text);
  return { buffer, length: text.length, delimiter, position: 1 };
}

export function scanByte(scanner: RuleScanner): number | undefined {
  return scanner.buffer[scanner.position++];
}

/** Like `strchr`: stops at a NUL byte. */
export function scanField(scanner: RuleScanner): Uint8Array | undefined {
  const start = scanner.position;
  for (let end = start; end < scanner.buffer.length; end++) {
    const byte = scanner.buffer[end];
    if (byte === scanner.delimiter) {
      scanner.position = end + 1;
      return scanner.buffer.slice(start, end);
    }
    if (byte === 0) return undefined;
  }
  return undefined;
}

/** Like `scanarg`: a field in which the digits of `\xHH` are never taken for a delimiter, and NUL bytes may stand. */
export function scanEscapedField(scanner: RuleScanner): Uint8Array | undefined {
  const { buffer, delimiter } = scanner;
  const start = scanner.position;
  let position = start;
  while (position < buffer.length) {
    const byte = buffer[position++];
    if (byte === delimiter) {
      scanner.position = position;
      return buffer.slice(start, position - 1);
    }
    if (byte === backslash && buffer[position] === letterX) {
      if (!isHexDigit(buffer[position + 1]) || !isHexDigit(buffer[position + 2])) return undefined;
      position += 3;
    }
  }
  return undefined;
}

/** Like `string_unescape` with UNESCAPE_HEX: ends at the first NUL byte, keeps every other backslash. */
export function unescapeHex(field: Uint8Array): Uint8Array {
  const result: number[] = [];
  let position = 0;
  const at = (index: number): number => field[index] ?? 0;
  while (at(position) !== 0) {
    if (at(position) === backslash && at(position + 1) !== 0) {
      position += 1;
      const high = at(position) === letterX ? hexDigit(at(position + 1)) : undefined;
      if (high !== undefined) {
        const low = hexDigit(at(position + 2));
        result.push(low === undefined ? high : high * 16 + low);
        position += low === undefined ? 2 : 3;
        continue;
      }
      result.push(backslash);
    }
    result.push(at(position));
    position += 1;
  }
  return Uint8Array.from(result);
}

/** Like `kstrtoint` with base 10: a sign and one trailing newline are taken. `undefined` when it is no int. */
export function parseInteger(field: Uint8Array): number | undefined {
  let position = 0;
  const negative = field[0] === minus;
  if (negative || field[0] === plus) position += 1;
  const firstDigit = position;
  let value = 0;
  for (; position < field.length; position++) {
    const digit = (field[position] ?? 0) - zero;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
    if (value > 0x80000000) return undefined;
  }
  if (position === firstDigit) return undefined;
  if (field[position] === newline) position += 1;
  if (position !== field.length) return undefined;
  if (negative) return value === 0 ? 0 : -value;
  return value > 0x7fffffff ? undefined : value;
}

/** Whether everything was read, but for one newline. */
export function atEnd(scanner: RuleScanner): boolean {
  const end = scanner.buffer[scanner.position] === newline ? scanner.position + 1 : scanner.position;
  return end === scanner.length;
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined && hexDigit(byte) !== undefined;
}

const backslash = 0x5c;
const letterX = 0x78;
const newline = 0x0a;
const minus = 0x2d;
const plus = 0x2b;
const zero = 0x30;
