import { encodeUtf8 } from '../../core/text.ts';
import { placesOf } from './image.ts';
import { unadaptable } from './unadaptable.ts';

export interface TextReplacement {
  /** With the zero bytes that are a part of it. */
  readonly from: string;
  /** At most as long; the rest is filled with zero bytes. Where `from` ends with one, this does, too. */
  readonly to: string;
  /** How often `from` must be there, no more and no less. */
  readonly count: number;
}

/**
 * Replaces texts in place.
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when one is there more or less often than expected, or does not fit
 */
export function replaceTexts(bytes: Uint8Array, replacements: readonly TextReplacement[]): void {
  for (const { from, to, count } of replacements) {
    const wanted = encodeUtf8(from);
    const replacement = encodeUtf8(from.endsWith('\0') && !to.endsWith('\0') ? `${to}\0` : to);
    if (replacement.length > wanted.length)
      throw unadaptable(`${quoted(to)} is longer than ${quoted(from)}, which it is to replace`);
    const places = placesOf(bytes, wanted);
    if (places.length !== count)
      throw unadaptable(`${quoted(from)} is ${places.length} times in the file, not ${count} times`);
    for (const place of places) {
      bytes.fill(0, place, place + wanted.length);
      bytes.set(replacement, place);
    }
  }
}

function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\\u0000', '\\0');
}
