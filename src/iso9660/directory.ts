import { concatBytes } from '../core/bytes.ts';
import { bothEndian16, bothEndian32, recordedTime } from './numbers.ts';
import type { Flavour, PlannedDirectory } from './plan.ts';
import { directoryEntries, fileEntries, namelessEntries, rootEntries } from './rock-ridge.ts';
import { sectorBytes } from './sector.ts';
import type { IsoFile } from './iso-file.ts';

export interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

/** Where everything lies. */
export interface Places {
  /** By position in the plan. */
  directory(position: number): Extent;
  file(file: IsoFile): Extent;
  /** Sector of what tells that the entries are Rock Ridge's. */
  readonly reference: number;
}

/** How large a directory becomes, in bytes; where things lie does not matter for it. */
export function directoryBytes(directory: PlannedDirectory, position: number, flavour: Flavour): number {
  const nowhere: Extent = { sector: 0, bytes: 0 };
  const places: Places = { directory: () => nowhere, file: () => nowhere, reference: 0 };
  return writeDirectory({ directory, position, flavour, places, modifiedMs: 0 }).length;
}

interface Wanted {
  readonly directory: PlannedDirectory;
  readonly position: number;
  readonly flavour: Flavour;
  readonly places: Places;
  readonly modifiedMs: number;
}

export function writeDirectory({ directory, position, flavour, places, modifiedMs }: Wanted): Uint8Array {
  const isRockRidge = flavour === 'rock-ridge';
  const write = (
    extent: Extent,
    flags: number,
    identifier: Uint8Array,
    entries: () => readonly Uint8Array[],
  ): Uint8Array => record({ extent, flags, identifier, modifiedMs, entries: isRockRidge ? entries() : [] });
  const own = (): readonly Uint8Array[] =>
    position === 0 ? rootEntries(modifiedMs, places.reference) : namelessEntries(modifiedMs);
  return packed([
    write(places.directory(position), directoryFlag, Uint8Array.of(0), own),
    write(places.directory(directory.parent), directoryFlag, Uint8Array.of(1), () =>
      namelessEntries(modifiedMs),
    ),
    ...directory.children.map((child) =>
      child.kind === 'directory'
        ? write(places.directory(child.directory), directoryFlag, child.identifier, () =>
            directoryEntries(child.name, modifiedMs),
          )
        : write(places.file(child.file), 0, child.identifier, () =>
            fileEntries(child.name, child.file.mode ?? 0o444, modifiedMs),
          ),
    ),
  ]);
}

/** The record of the root directory that a volume descriptor has in it. */
export function rootRecord(extent: Extent, modifiedMs: number): Uint8Array {
  return record({ extent, modifiedMs, flags: directoryFlag, identifier: Uint8Array.of(0), entries: [] });
}

const directoryFlag = 2;

interface DirectoryRecord {
  readonly extent: Extent;
  readonly modifiedMs: number;
  readonly flags: number;
  readonly identifier: Uint8Array;
  readonly entries: readonly Uint8Array[];
}

/** ECMA-119, 9.1. */
function record({ extent, modifiedMs, flags, identifier, entries }: DirectoryRecord): Uint8Array {
  const content = concatBytes([
    Uint8Array.of(0, 0),
    bothEndian32(extent.sector),
    bothEndian32(extent.bytes),
    recordedTime(modifiedMs),
    Uint8Array.of(flags, 0, 0),
    bothEndian16(1),
    Uint8Array.of(identifier.length),
    identifier,
    // What follows begins at an even position.
    ...(identifier.length % 2 === 0 ? [Uint8Array.of(0)] : []),
    ...entries,
  ]);
  const length = content.length + (content.length % 2);
  if (length > 255) throw new RangeError(`a directory record of ${length} bytes`);
  const result = new Uint8Array(length);
  result.set(content);
  result[0] = length;
  return result;
}

/** No record crosses the border between two sectors. */
function packed(all: readonly Uint8Array[]): Uint8Array {
  const sectors: Uint8Array[] = [];
  let used = sectorBytes;
  for (const one of all) {
    if (used + one.length > sectorBytes) {
      sectors.push(new Uint8Array(sectorBytes));
      used = 0;
    }
    sectors.at(-1)?.set(one, used);
    used += one.length;
  }
  return concatBytes(sectors);
}
