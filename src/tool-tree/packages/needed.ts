import { bytesSource } from '../../core/byte-source.ts';
import { readLayout } from '../../core/elf-header.ts';
import { readSegments, segmentTypes } from '../../core/elf-segments.ts';
import { openImage, readPointer, textAt, type ElfImage } from '../elf/image.ts';

/** What a program or library has the loader look for. */
export interface Needed {
  /** Sonames, DT_NEEDED, in their order. */
  readonly libraries: readonly string[];
  /** DT_RPATH or DT_RUNPATH: directories of its own that the loader looks through first. */
  readonly runPath: string | undefined;
  /** DT_RPATH without DT_RUNPATH: the directories count for what its libraries need, too. */
  readonly isInherited: boolean;
}

const tags = { null: 0, needed: 1, strings: 5, rpath: 15, runpath: 29 } as const;

/**
 * Nothing for static files.
 *
 * @throws AnyarchError ANYARCH_ELF_INVALID and what `openImage` throws
 */
export function readNeeded(bytes: Uint8Array): Needed {
  const image = openImage(bytes);
  const entries = dynamicEntries(image);
  const strings = entries.find(([tag]) => tag === tags.strings)?.[1];
  if (strings === undefined) return { libraries: [], runPath: undefined, isInherited: false };
  const texts = (tag: number) =>
    entries.filter(([one]) => one === tag).flatMap(([, value]) => textAt(image, strings + value) ?? []);
  const [own] = texts(tags.runpath);
  const [inherited] = texts(tags.rpath);
  return {
    libraries: texts(tags.needed),
    runPath: own ?? inherited,
    isInherited: own === undefined && inherited !== undefined,
  };
}

function dynamicEntries(image: ElfImage): (readonly [tag: number, value: number])[] {
  const { header, programHeaders } = readLayout(image.bytes);
  const segment = readSegments(bytesSource(image.bytes), header, programHeaders).find(
    ({ type }) => type === segmentTypes.dynamic,
  );
  if (segment === undefined) return [];
  const entries: (readonly [number, number])[] = [];
  const end = Math.min(segment.offset + segment.size, image.bytes.length);
  for (let at = segment.offset; at + 2 * image.pointerSize <= end; at += 2 * image.pointerSize) {
    const tag = readPointer(image, at);
    if (tag === tags.null) break;
    entries.push([tag, readPointer(image, at + image.pointerSize)]);
  }
  return entries;
}
