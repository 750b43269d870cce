import { decodeUtf8 } from '../../core/text.ts';
import type { ElfImage } from './image.ts';
import { findSection } from './sections.ts';
import { unadaptable } from './unadaptable.ts';

export interface DynamicSymbol {
  readonly name: string;
  /** Its place in the table of symbols. */
  readonly index: number;
  readonly address: number;
  /** Bytes. */
  readonly size: number;
  readonly isDefined: boolean;
  /** Undefined and weak ones need not be found. */
  readonly isWeak: boolean;
}

/** What the file exports and needs, by .dynsym. @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE */
export function dynamicSymbols(image: ElfImage): DynamicSymbol[] {
  const table = findSection(image, '.dynsym');
  const names = findSection(image, '.dynstr');
  if (table === undefined || names === undefined) return [];
  const wide = image.header.class === 64;
  const little = image.header.endianness === 'little';
  const { bytes } = image;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entrySize = wide ? 24 : 16;
  const symbols: DynamicSymbol[] = [];
  for (let index = 1; (index + 1) * entrySize <= table.size; index++) {
    const at = table.offset + index * entrySize;
    const start = names.offset + view.getUint32(at, little);
    const end = bytes.indexOf(0, start);
    if (end < 0 || end >= names.offset + names.size)
      throw unadaptable('a name of .dynsym is outside of .dynstr');
    symbols.push({
      name: decodeUtf8(bytes.subarray(start, end)),
      index,
      address: wide ? Number(view.getBigUint64(at + 8, little)) : view.getUint32(at + 4, little),
      size: wide ? Number(view.getBigUint64(at + 16, little)) : view.getUint32(at + 8, little),
      isDefined: view.getUint16(at + (wide ? 6 : 14), little) !== 0,
      isWeak: view.getUint8(at + (wide ? 4 : 12)) >> 4 === 2,
    });
  }
  return symbols;
}
