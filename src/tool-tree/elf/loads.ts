import type { ByteSource } from '../../core/byte-source.ts';
import { readUpTo } from '../../core/byte-source.ts';
import type { ElfHeader, ProgramHeaderTable } from '../../core/elf-header.ts';
import { readSegments } from '../../core/elf-segments.ts';

/** A part of the file and where it is loaded. Bytes. */
export interface Load {
  readonly offset: number;
  readonly address: number;
  /** In the file. */
  readonly size: number;
  readonly isWritable: boolean;
}

const ptLoad = 1;
const pfWrite = 2;

/** @throws AnyarchError ANYARCH_ELF_INVALID */
export function readLoads(source: ByteSource, header: ElfHeader, table: ProgramHeaderTable): Load[] {
  const segments = readSegments(source, header, table);
  const wide = header.class === 64;
  const little = header.endianness === 'little';
  const bytes = readUpTo(source, table.offset, table.count * table.entrySize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return segments.flatMap(({ type, offset, size }, index) => {
    if (type !== ptLoad) return [];
    const start = index * table.entrySize;
    const address = wide ? Number(view.getBigUint64(start + 16, little)) : view.getUint32(start + 8, little);
    const flags = view.getUint32(start + (wide ? 4 : 24), little);
    return [{ offset, address, size, isWritable: (flags & pfWrite) !== 0 }];
  });
}
