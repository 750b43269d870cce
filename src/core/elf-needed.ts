import { readUpTo, type ByteSource } from './byte-source.ts';
import { invalidElf, readLayout, type ElfHeader } from './elf-header.ts';
import { readSegments, type Segment } from './elf-segments.ts';
import { decodeUtf8 } from './text.ts';

/** What a program's dynamic loader looks for, and where besides its own directories. */
export interface NeededLibraries {
  /** DT_NEEDED, in order. */
  readonly names: readonly string[];
  /** DT_RUNPATH, or DT_RPATH where there is none: directories, `$ORIGIN` in them not replaced. */
  readonly directories: readonly string[];
}

const segmentTypes = { load: 1, dynamic: 2 } as const;
const tags = { null: 0, needed: 1, stringTable: 5, stringTableSize: 10, rpath: 15, runpath: 29 } as const;

/** Bytes; real ones have some hundred bytes to some kilobytes. What stands behind is not looked at. */
const largest = { dynamic: 65536, strings: 16 * 1024 * 1024 };

/**
 * How many bytes a program has to have so that the kernel can load all of it: fewer, and it was cut off.
 *
 * @throws AnyarchError ANYARCH_ELF_INVALID for files whose headers are damaged or cut off themselves
 */
export function loadedSize(source: ByteSource): number {
  const { segments } = layoutOf(source);
  const loaded = segments.filter(({ type }) => type === segmentTypes.load);
  return Math.max(0, ...loaded.map(({ offset, size }) => offset + size));
}

/**
 * The libraries of a dynamically linked program; none of a static one.
 *
 * @throws AnyarchError ANYARCH_ELF_INVALID for files that are damaged or cut off
 */
export function neededLibraries(source: ByteSource): NeededLibraries {
  const { header, segments, addresses } = layoutOf(source);
  const dynamic = segments.find(({ type }) => type === segmentTypes.dynamic);
  if (dynamic === undefined) return { names: [], directories: [] };
  const entries = readEntries(source, header, dynamic);
  const valueOf = (wanted: number) => entries.find(({ tag }) => tag === wanted)?.value;
  const address = valueOf(tags.stringTable);
  if (address === undefined) return { names: [], directories: [] };
  const holder = segments.findIndex(
    ({ type, size }, index) => type === segmentTypes.load && isWithin(address, addresses[index] ?? 0, size),
  );
  const [segment, start] = [segments[holder], addresses[holder]];
  if (segment === undefined || start === undefined)
    throw invalidElf(dynamic.offset, 'the names of its libraries are in no segment');
  const at = segment.offset + (address - start);
  const size = Math.min(valueOf(tags.stringTableSize) ?? 0, largest.strings);
  const strings = readUpTo(source, at, size);
  if (strings.length < size) throw invalidElf(at, 'the names of its libraries are cut off');
  const text = (offset: number): string => {
    const end = strings.indexOf(0, offset);
    return decodeUtf8(strings.subarray(offset, end === -1 ? strings.length : end));
  };
  const path = valueOf(tags.runpath) ?? valueOf(tags.rpath);
  return {
    names: entries.filter(({ tag }) => tag === tags.needed).map(({ value }) => text(value)),
    directories:
      path === undefined
        ? []
        : text(path)
            .split(':')
            .filter((one) => one !== ''),
  };
}

function isWithin(address: number, start: number, size: number): boolean {
  return address >= start && address < start + size;
}

interface Layout {
  readonly header: ElfHeader;
  readonly segments: readonly Segment[];
  /** Of the segments, in memory, in their order. */
  readonly addresses: readonly number[];
}

function layoutOf(source: ByteSource): Layout {
  const { header, programHeaders } = readLayout(readUpTo(source, 0, 256).slice());
  const segments = readSegments(source, header, programHeaders);
  const { offset, entrySize } = programHeaders;
  const bytes = readUpTo(source, offset, segments.length * entrySize);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = header.endianness === 'little';
  const addresses = segments.map((_, index) =>
    header.class === 64
      ? Number(view.getBigUint64(index * entrySize + 16, little))
      : view.getUint32(index * entrySize + 8, little),
  );
  return { header, segments, addresses };
}

/** Numbers above 2^53 are not exact; no tag or value that is looked at is so large. */
function readEntries(
  source: ByteSource,
  header: ElfHeader,
  { offset, size }: Segment,
): readonly { readonly tag: number; readonly value: number }[] {
  const wide = header.class === 64;
  const little = header.endianness === 'little';
  const bytes = readUpTo(source, offset, Math.min(size, largest.dynamic));
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const word = wide ? 8 : 4;
  const read = (at: number) => (wide ? Number(view.getBigUint64(at, little)) : view.getUint32(at, little));
  const entries: { tag: number; value: number }[] = [];
  for (let at = 0; at + 2 * word <= bytes.length; at += 2 * word) {
    const tag = read(at);
    if (tag === tags.null) break;
    entries.push({ tag, value: read(at + word) });
  }
  return entries;
}
