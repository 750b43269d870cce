import { concatBytes } from '../core/bytes.ts';
import { bothEndian16, bothEndian32, recordedTime } from './numbers.ts';
import { rootEntries, fileEntries, parentEntries } from './rock-ridge.ts';
import { sectorBytes } from './sector.ts';

export interface Extent {
  readonly sector: number;
  readonly bytes: number;
}

type Flavour =
  | { readonly kind: 'joliet' }
  /** `reference`: sector of what tells that the entries are Rock Ridge's. */
  | { readonly kind: 'rock-ridge'; readonly reference: number };

interface NamedFile {
  /** As it was given. */
  readonly name: string;
  readonly mode?: number;
}

interface Directory {
  readonly files: readonly NamedFile[];
  /** The files' names as this directory has them. */
  readonly identifiers: readonly Uint8Array[];
  readonly extents: readonly Extent[];
  readonly root: Extent;
  readonly modifiedMs: number;
  readonly flavour: Flavour;
}

/** How large the root directory becomes; where files lie does not matter for it. */
export function directorySectors(
  files: readonly NamedFile[],
  identifiers: readonly Uint8Array[],
  kind: Flavour['kind'],
): number {
  const flavour: Flavour = kind === 'joliet' ? { kind } : { kind, reference: 0 };
  const extents: readonly Extent[] = files.map(() => nowhere);
  const directory = { files, identifiers, extents, root: nowhere, modifiedMs: 0, flavour };
  return writeDirectory(directory).length / sectorBytes;
}

/** The root directory with its files. */
export function writeDirectory(directory: Directory): Uint8Array {
  return packed(records(directory));
}

/** The record of the root directory that a volume descriptor has in it. */
export function rootRecord(root: Extent, modifiedMs: number): Uint8Array {
  return record(root, modifiedMs, directoryFlag, Uint8Array.of(0), []);
}

const directoryFlag = 2;

const nowhere: Extent = { sector: 0, bytes: 0 };

function records({ files, identifiers, extents, root, modifiedMs, flavour }: Directory): Uint8Array[] {
  const isRockRidge = flavour.kind === 'rock-ridge';
  const own = isRockRidge ? rootEntries(modifiedMs, flavour.reference) : [];
  const parent = isRockRidge ? parentEntries(modifiedMs) : [];
  const children = files.map((file, index) => ({
    identifier: identifiers[index] ?? new Uint8Array(),
    extent: extents[index] ?? nowhere,
    entries: isRockRidge ? fileEntries(file, modifiedMs) : [],
  }));
  // ECMA-119, 9.3: in the order of their identifiers.
  children.sort((a, b) => Buffer.compare(a.identifier, b.identifier));
  return [
    record(root, modifiedMs, directoryFlag, Uint8Array.of(0), own),
    record(root, modifiedMs, directoryFlag, Uint8Array.of(1), parent),
    ...children.map(({ extent, identifier, entries }) => record(extent, modifiedMs, 0, identifier, entries)),
  ];
}

/** ECMA-119, 9.1. */
function record(
  { sector, bytes }: Extent,
  modifiedMs: number,
  flags: number,
  identifier: Uint8Array,
  entries: readonly Uint8Array[],
): Uint8Array {
  const content = concatBytes([
    Uint8Array.of(0, 0),
    bothEndian32(sector),
    bothEndian32(bytes),
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
