import { encodeUtf8 } from '../../core/text.ts';
import { addressOf } from '../elf/image.ts';
import type { ElfImage } from '../elf/image.ts';
import { unadaptable } from '../elf/unadaptable.ts';

/** Room in a file that nothing reads any more. */
export interface Slot {
  /** In the file. */
  readonly offset: number;
  /** Bytes, with the zero byte at the end. */
  readonly size: number;
}

/**
 * Puts texts into the room of others, the longest first into the smallest that holds it. What is left over is zero.
 *
 * @returns the addresses, by text
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when there is not enough room
 */
export function placeTexts(
  image: ElfImage,
  slots: readonly Slot[],
  texts: readonly string[],
): Map<string, number> {
  for (const { offset, size } of slots) image.bytes.fill(0, offset, offset + size);
  const free = [...slots];
  const addresses = new Map<string, number>();
  const longestFirst = [...new Set(texts)].sort((a, b) => b.length - a.length);
  for (const text of longestFirst) {
    const bytes = encodeUtf8(`${text}\0`);
    free.sort((a, b) => a.size - b.size);
    const index = free.findIndex(({ size }) => size >= bytes.length);
    const slot = free[index];
    const address = slot === undefined ? undefined : addressOf(image, slot.offset);
    if (slot === undefined || address === undefined) throw unadaptable(`there is no room for ${text}`);
    image.bytes.set(bytes, slot.offset);
    free.splice(index, 1, { offset: slot.offset + bytes.length, size: slot.size - bytes.length });
    addresses.set(text, address);
  }
  return addresses;
}
