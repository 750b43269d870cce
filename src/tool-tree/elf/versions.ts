import { decodeUtf8 } from '../../core/text.ts';
import type { ElfImage } from './image.ts';
import { findSection } from './sections.ts';

/** Versions 0 and 1 are none: local and unversioned. The highest bit hides a version from new links. */
const firstVersion = 2;
const versionMask = 0x7fff;

/** The version of each symbol of .dynsym, by index; undefined for those without. */
export function readVersions(image: ElfImage): (string | undefined)[] {
  const table = findSection(image, '.gnu.version');
  if (table === undefined) return [];
  const names = new Map([...definitions(image), ...requirements(image)]);
  const view = viewOf(image);
  const little = image.header.endianness === 'little';
  return Array.from({ length: table.size / 2 }, (_, index) => {
    const version = view.getUint16(table.offset + 2 * index, little) & versionMask;
    return version < firstVersion ? undefined : names.get(version);
  });
}

/** .gnu.version_d: index and name. */
function* definitions(image: ElfImage): Iterable<[number, string]> {
  const section = findSection(image, '.gnu.version_d');
  if (section === undefined) return;
  const view = viewOf(image);
  const little = image.header.endianness === 'little';
  let at = section.offset;
  for (let count = 0; count < section.info; count++) {
    const first = at + view.getUint32(at + 12, little);
    yield [view.getUint16(at + 4, little) & versionMask, nameAt(image, view.getUint32(first, little))];
    at += view.getUint32(at + 16, little);
  }
}

/** .gnu.version_r: index and name. */
function* requirements(image: ElfImage): Iterable<[number, string]> {
  const section = findSection(image, '.gnu.version_r');
  if (section === undefined) return;
  const view = viewOf(image);
  const little = image.header.endianness === 'little';
  let file = section.offset;
  for (let count = 0; count < section.info; count++) {
    let at = file + view.getUint32(file + 8, little);
    for (let each = view.getUint16(file + 2, little); each > 0; each--) {
      yield [view.getUint16(at + 6, little) & versionMask, nameAt(image, view.getUint32(at + 8, little))];
      at += view.getUint32(at + 12, little);
    }
    file += view.getUint32(file + 12, little);
  }
}

function nameAt(image: ElfImage, position: number): string {
  const names = findSection(image, '.dynstr');
  const start = (names?.offset ?? 0) + position;
  return decodeUtf8(image.bytes.subarray(start, image.bytes.indexOf(0, start)));
}

function viewOf({ bytes }: ElfImage): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
