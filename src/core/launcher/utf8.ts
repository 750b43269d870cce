/** The text in UTF-8. A lone surrogate becomes U+FFFD, as with TextEncoder, which QuickJS does not have. */
export function encodeUtf8(text: string): Uint8Array {
  return Uint8Array.from(
    Array.from(text).flatMap((character) => encodeCodePoint(character.codePointAt(0) ?? 0)),
  );
}

function encodeCodePoint(codePoint: number): number[] {
  if (codePoint < 0x80) return [codePoint];
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), trailing(codePoint)];
  if (codePoint >= 0xd800 && codePoint < 0xe000) return [0xef, 0xbf, 0xbd];
  if (codePoint < 0x1_0000) return [0xe0 | (codePoint >> 12), trailing(codePoint >> 6), trailing(codePoint)];
  return [0xf0 | (codePoint >> 18), trailing(codePoint >> 12), trailing(codePoint >> 6), trailing(codePoint)];
}

function trailing(bits: number): number {
  return 0x80 | (bits & 0x3f);
}
