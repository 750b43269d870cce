import { readUpTo } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { invalidElf } from './elf-header.ts';
import type { ElfHeader, ProgramHeaderTable } from './elf-header.ts';

/** One program header. Numbers above 2^53 are not exact; nothing that large lies in a file. */
export interface Segment {
  readonly type: number;
  /** In the file, in bytes. */
  readonly offset: number;
  /** In the file, in bytes. */
  readonly size: number;
  readonly alignment: number;
}

export const segmentTypes = { dynamic: 2, interpreter: 3, note: 4 } as const;

/** The kernel refuses more (fs/binfmt_elf.c, `load_elf_phdrs`), in bytes. */
const largestTable = 65536;

export function readSegments(source: ByteSource, header: ElfHeader, table: ProgramHeaderTable): Segment[] {
  const wide = header.class === 64;
  const entrySize = wide ? 56 : 32;
  const { offset, count } = table;
  if (count === 0) return [];
  if (table.entrySize !== entrySize) {
    throw invalidElf(wide ? 54 : 42, `program headers of ${table.entrySize} bytes, not ${entrySize}`);
  }
  const length = count * entrySize;
  if (length > largestTable)
    throw invalidElf(wide ? 56 : 44, `${count} program headers, more than ${largestTable} bytes`);
  if (offset > source.size)
    throw invalidElf(wide ? 32 : 28, `program headers at ${offset}, behind the file's end at ${source.size}`);
  const bytes = readUpTo(source, offset, length);
  if (bytes.length < length)
    throw invalidElf(offset, `the program headers are cut off: ${bytes.length} of ${length} bytes`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, length);
  const little = header.endianness === 'little';
  return Array.from({ length: count }, (_, index) => readSegment(view, index * entrySize, wide, little));
}

function readSegment(view: DataView, start: number, wide: boolean, little: boolean): Segment {
  const word = (offset: number): number => view.getUint32(start + offset, little);
  const long = (offset: number): number => Number(view.getBigUint64(start + offset, little));
  return wide
    ? { type: word(0), offset: long(8), size: long(32), alignment: long(48) }
    : { type: word(0), offset: word(4), size: word(16), alignment: word(28) };
}
