import { decodeUtf8 } from '../../core/text.ts';
import { readPointer } from './image.ts';
import type { ElfImage } from './image.ts';
import { findSection } from './sections.ts';

const dtNull = 0;
const dtNeeded = 1;

/** DT_NEEDED, in order. */
export function neededLibraries(image: ElfImage): string[] {
  const section = findSection(image, '.dynamic');
  const names = findSection(image, '.dynstr');
  if (section === undefined || names === undefined) return [];
  const { pointerSize, bytes } = image;
  const needed: string[] = [];
  for (
    let at = section.offset;
    at + 2 * pointerSize <= section.offset + section.size;
    at += 2 * pointerSize
  ) {
    const tag = readPointer(image, at);
    if (tag === dtNull) break;
    if (tag !== dtNeeded) continue;
    const start = names.offset + readPointer(image, at + pointerSize);
    needed.push(decodeUtf8(bytes.subarray(start, bytes.indexOf(0, start))));
  }
  return needed;
}
