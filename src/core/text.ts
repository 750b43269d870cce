import { printable } from './printable.ts';

// The language itself has no UTF-8 codec: TextEncoder and TextDecoder belong to the platforms, and QuickJS has neither.

const replacementCharacter = 0xfffd;

/** UTF-8; a lone surrogate becomes U+FFFD, as TextEncoder does it. */
export function encodeUtf8(text: string): Uint8Array {
  return encodeAscii(text) ?? encodeAny(text);
}

/** Nearly all texts are; engines without a compiler need four times as long for the general case. */
function encodeAscii(text: string): Uint8Array | undefined {
  const { length } = text;
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 0x80) return undefined;
    bytes[index] = code;
  }
  return bytes;
}

function encodeAny(text: string): Uint8Array {
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    pushUtf8(bytes, code >= 0xd800 && code <= 0xdfff ? replacementCharacter : code);
  }
  return Uint8Array.from(bytes);
}

function pushUtf8(bytes: number[], code: number): void {
  if (code < 0x80) {
    bytes.push(code);
  } else if (code < 0x800) {
    bytes.push(0xc0 | (code >> 6), 0x80 | (code & 63));
  } else if (code < 0x10000) {
    bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  } else {
    bytes.push(
      0xf0 | (code >> 18),
      0x80 | ((code >> 12) & 63),
      0x80 | ((code >> 6) & 63),
      0x80 | (code & 63),
    );
  }
}

/** UTF-8; every malformed sequence becomes one U+FFFD, as the Encoding Standard has it. A byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array): string {
  let text = '';
  let position = 0;
  while (position < bytes.length) {
    const end = asciiEnd(bytes, position);
    if (end > position) {
      text += fromAscii(bytes.subarray(position, end));
      position = end;
    } else {
      const { code, length } = decodeSequence(bytes, position);
      text += String.fromCodePoint(code);
      position += length;
    }
  }
  return text;
}

/** Not by spreading, which asks an iterator for each byte where the engine has no compiler. */
function fromAscii(bytes: Uint8Array): string {
  // What apply takes is any array-like object; its type says arrays only.
  return Reflect.apply(String.fromCharCode, undefined, bytes) as string;
}

/** Runs of ASCII are decoded at once: one by one, a document of 4 KB takes 2 ms in a process that has just started. */
function asciiEnd(bytes: Uint8Array, start: number): number {
  // Engines limit the arguments of a call (QuickJS: 65535).
  const last = Math.min(bytes.length, start + 4096);
  let end = start;
  while (end < last && (bytes[end] ?? 0) < 0x80) end++;
  return end;
}

function decodeSequence(bytes: Uint8Array, start: number): { code: number; length: number } {
  const first = bytes[start] ?? 0;
  if (first < 0x80) return { code: first, length: 1 };
  const following = followingBytes(first);
  if (following === 0) return { code: replacementCharacter, length: 1 };
  let code = first & (0x3f >> following);
  for (let index = 1; index <= following; index++) {
    const next = bytes[start + index];
    if (next === undefined || !continues(first, index, next))
      return { code: replacementCharacter, length: index };
    code = (code << 6) | (next & 63);
  }
  return { code, length: following + 1 };
}

function followingBytes(first: number): number {
  if (first >= 0xc2 && first <= 0xdf) return 1;
  if (first >= 0xe0 && first <= 0xef) return 2;
  if (first >= 0xf0 && first <= 0xf4) return 3;
  return 0;
}

/** Over-long forms, surrogates and code points above U+10FFFF show in the second byte (Unicode, table 3-7). */
function continues(first: number, index: number, byte: number): boolean {
  let lowest = 0x80;
  let highest = 0xbf;
  if (index === 1) {
    if (first === 0xe0) lowest = 0xa0;
    if (first === 0xed) highest = 0x9f;
    if (first === 0xf0) lowest = 0x90;
    if (first === 0xf4) highest = 0x8f;
  }
  return byte >= lowest && byte <= highest;
}

/** A value that came from outside, safe to print: in quotes, unprintable characters escaped, cut after `limit` characters. */
export function quote(text: string, limit = 60): string {
  let start = '';
  let count = 0;
  for (const character of text) {
    if (count === limit) return `"${printable(start)}…"`;
    start += character;
    count += 1;
  }
  return `"${printable(start)}"`;
}
