import { fromHex } from '../hex.ts';

/** Machine code from lines of hexadecimal digits in memory order, spaces between them allowed. */
export function codeFromBytes(lines: readonly string[]): Uint8Array {
  const digits = lines.join('').replaceAll(' ', '');
  const code = fromHex(digits);
  if (code === undefined) throw new Error(`not hexadecimal bytes: ${digits}`);
  return code;
}

/** Machine code from instructions of 16 bits each. */
export function codeFromHalfWords(endianness: 'little' | 'big', halfWords: readonly number[]): Uint8Array {
  const code = new Uint8Array(halfWords.length * 2);
  const view = new DataView(code.buffer);
  halfWords.forEach((halfWord, index) => {
    view.setUint16(2 * index, halfWord, endianness === 'little');
  });
  return code;
}

/** Machine code from instructions of 32 bits each. */
export function codeFromWords(endianness: 'little' | 'big', words: readonly number[]): Uint8Array {
  const code = new Uint8Array(words.length * 4);
  const view = new DataView(code.buffer);
  words.forEach((word, index) => {
    view.setUint32(4 * index, word, endianness === 'little');
  });
  return code;
}
