import { readUpTo } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { invalidElf } from './elf-header.ts';
import type { ElfHeader } from './elf-header.ts';
import { segmentTypes } from './elf-segments.ts';
import type { Segment } from './elf-segments.ts';

/** What the dynamic section tells about the kind of the file. */
export interface DynamicFacts {
  /** DF_1_PIE */
  readonly isPie: boolean;
  readonly hasSoname: boolean;
  readonly needsLibraries: boolean;
}

/** Real ones have 20 to 40 entries; what stands behind this is not looked at. Bytes. */
const largestDynamic = 65536;

const tags = { null: 0, needed: 1, soname: 14, flags1: 0x6ffffffb } as const;
const df1Pie = 0x08000000;

export function readDynamic(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
): DynamicFacts {
  const facts = { isPie: false, hasSoname: false, needsLibraries: false };
  const segment = segments.find(({ type }) => type === segmentTypes.dynamic);
  if (segment === undefined) return facts;
  const { offset, size } = segment;
  if (offset + size > source.size) {
    throw invalidElf(
      offset,
      `the dynamic section is cut off: it ends at ${offset + size}, the file at ${source.size}`,
    );
  }
  const wide = header.class === 64;
  const little = header.endianness === 'little';
  const bytes = readUpTo(source, offset, Math.min(size, largestDynamic));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const entrySize = wide ? 16 : 8;
  // The tags and flags that matter are in the low 32 bits.
  const low = (at: number): number => view.getUint32(wide && !little ? at + 4 : at, little);
  const isWholeTag = (at: number): boolean => !wide || view.getUint32(little ? at + 4 : at, little) === 0;
  for (let at = 0; at + entrySize <= bytes.length; at += entrySize) {
    const tag = low(at);
    if (!isWholeTag(at)) continue;
    if (tag === tags.null) break;
    if (tag === tags.soname) facts.hasSoname = true;
    if (tag === tags.needed) facts.needsLibraries = true;
    if (tag === tags.flags1) facts.isPie = (low(at + entrySize / 2) & df1Pie) !== 0;
  }
  return facts;
}
