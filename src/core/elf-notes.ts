import { readUpTo } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import type { ElfHeader } from './elf-header.ts';
import { segmentTypes } from './elf-segments.ts';
import type { Segment } from './elf-segments.ts';
import { toHex } from './hex.ts';

/** All note segments together; real ones have a few hundred bytes. */
const largestNotes = 65536;
const ntGnuBuildId = 3;
/** SHA-512 has 64 bytes; build IDs are 8 to 32. */
const longestBuildId = 64;

/** The GNU build ID. Notes are an extra that nothing depends on: damaged ones end the search without an error. */
export function readBuildId(
  source: ByteSource,
  header: ElfHeader,
  segments: readonly Segment[],
): string | undefined {
  let budget = largestNotes;
  for (const segment of segments) {
    if (segment.type !== segmentTypes.note || segment.offset > source.size) continue;
    const bytes = readUpTo(source, segment.offset, Math.min(segment.size, budget));
    budget -= bytes.length;
    const buildId = buildIdIn(bytes, header.endianness === 'little', segment.alignment === 8 ? 8 : 4);
    if (buildId !== undefined) return buildId;
  }
  return undefined;
}

function buildIdIn(bytes: Uint8Array, little: boolean, alignment: number): string | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const align = (position: number): number => Math.ceil(position / alignment) * alignment;
  let position = 0;
  while (position + 12 <= bytes.length) {
    const nameSize = view.getUint32(position, little);
    const size = view.getUint32(position + 4, little);
    const type = view.getUint32(position + 8, little);
    const start = align(position + 12 + nameSize);
    const end = start + size;
    if (end > bytes.length) return undefined;
    const isGnu = nameSize === 4 && toHex(bytes.subarray(position + 12, position + 16)) === '474e5500';
    if (isGnu && type === ntGnuBuildId && size > 0 && size <= longestBuildId)
      return toHex(bytes.subarray(start, end));
    position = align(end);
  }
  return undefined;
}
