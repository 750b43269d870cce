/** Machine code from lines of hexadecimal digits in memory order, spaces between them allowed. */
export function codeFromBytes(lines: readonly string[]): Uint8Array {
  const digits = lines.join('').replaceAll(' ', '');
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/.test(digits))
    throw new Error(`not hexadecimal bytes: ${digits}`);
  return Uint8Array.from({ length: digits.length / 2 }, (_, index) =>
    Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16),
  );
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
