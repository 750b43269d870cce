import { decodeUtf8 } from '../../core/text.ts';
import type { ElfImage } from './image.ts';
import { unadaptable } from './unadaptable.ts';

/** A section of the file; bytes. */
export interface Section {
  readonly name: string;
  readonly type: number;
  readonly offset: number;
  readonly size: number;
  /** sh_info: for version sections, the number of entries. */
  readonly info: number;
}

const shtNobits = 8;

/** @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE for a table that is not whole */
export function findSection(image: ElfImage, name: string): Section | undefined {
  return readSections(image).find((section) => section.name === name);
}

function readSections(image: ElfImage): Section[] {
  const { bytes, header } = image;
  const wide = header.class === 64;
  const little = header.endianness === 'little';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const table = wide ? Number(view.getBigUint64(40, little)) : view.getUint32(32, little);
  const entrySize = view.getUint16(wide ? 58 : 46, little);
  const count = view.getUint16(wide ? 60 : 48, little);
  const namesIndex = view.getUint16(wide ? 62 : 50, little);
  if (count === 0) return [];
  if (entrySize !== (wide ? 64 : 40) || table + count * entrySize > bytes.length || namesIndex >= count)
    throw unadaptable('the table of sections is not whole');
  const sections = Array.from({ length: count }, (_, index) => {
    const at = table + index * entrySize;
    return {
      nameAt: view.getUint32(at, little),
      type: view.getUint32(at + 4, little),
      offset: wide ? Number(view.getBigUint64(at + 24, little)) : view.getUint32(at + 16, little),
      size: wide ? Number(view.getBigUint64(at + 32, little)) : view.getUint32(at + 20, little),
      info: view.getUint32(at + (wide ? 44 : 28), little),
    };
  });
  const names = sections[namesIndex];
  for (const { type, offset, size } of sections)
    if (type !== shtNobits && offset + size > bytes.length)
      throw unadaptable('a section ends behind the end of the file');
  return sections.map(({ nameAt, ...section }) => {
    const start = (names?.offset ?? 0) + nameAt;
    return { ...section, name: decodeUtf8(bytes.subarray(start, bytes.indexOf(0, start))) };
  });
}
