import { fromHex, hexByte } from '../hex.ts';
import { decodeUtf8, encodeUtf8 } from '../text.ts';

/** A word of a recipe's line: every byte that is not visible ASCII, and `%` itself, as `%` and two hexadecimal digits. */
export function encodeWord(text: string): string {
  let word = '';
  for (const byte of encodeUtf8(text)) {
    word += byte > 0x20 && byte < 0x7f && byte !== percent ? String.fromCharCode(byte) : `%${hexByte(byte)}`;
  }
  return word;
}

/** `undefined` for what the interposer does not take: an empty word, other bytes, half an escape, an escaped zero byte. */
export function decodeWord(word: string): string | undefined {
  if (!/^(?:[!-$&-~]|%[0-9a-fA-F]{2})+$/.test(word)) return undefined;
  const bytes: number[] = [];
  for (let index = 0; index < word.length; index++) {
    if (word.charCodeAt(index) === percent) {
      const [byte] = fromHex(word.slice(index + 1, index + 3)) ?? [];
      if (byte === undefined || byte === 0) return undefined;
      bytes.push(byte);
      index += 2;
    } else {
      bytes.push(word.charCodeAt(index));
    }
  }
  return decodeUtf8(Uint8Array.from(bytes));
}

const percent = 0x25;
