import { encodeUtf8 } from '../../core/text.ts';
import { placesOf } from '../elf/image.ts';
import { nowhere } from '../elf/private-loader.ts';
import { unadaptable } from '../elf/unadaptable.ts';

/**
 * glibc loads conversions of character sets from a directory of the host's architecture. A guest may have it, too, of
 * another version: it is named so that nothing is there. UTF-8, ASCII and UCS are built in.
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE
 */
export function hideConversions(bytes: Uint8Array, triplet: string): void {
  const directory = encodeUtf8(`/usr/lib/${triplet}/gconv`);
  const places = placesOf(bytes, directory);
  // The directory itself, and the cache of its modules.
  if (places.length !== 2) throw unadaptable(`libc names its conversions ${places.length} times, not twice`);
  for (const place of places) bytes.set(encodeUtf8(nowhere.padEnd(directory.length, '-')), place);
}
