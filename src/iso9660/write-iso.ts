import { concatBytes } from '../core/bytes.ts';
import { directoryBytes, writeDirectory, type Extent, type Places } from './directory.ts';
import type { IsoFile } from './iso-file.ts';
import { writePathTable } from './path-table.ts';
import { planDirectories, type Flavour, type PlannedDirectory } from './plan.ts';
import { extensionReference } from './rock-ridge.ts';
import { padded, sectorBytes, sectorsOf } from './sector.ts';
import { treeOf } from './tree.ts';
import { writeDescriptor, writeTerminator } from './volume-descriptor.ts';

export interface IsoOptions {
  /** At most 16 ASCII characters: what `blkid` calls the label. */
  readonly volumeId: string;
  readonly files: readonly IsoFile[];
  /** Of the volume and of all in it, milliseconds since the epoch. The same input gives the same bytes. */
  readonly modifiedMs: number;
}

/** ECMA-119, 6.2.1: the first sectors are the system's; then come three descriptors. */
const systemSectors = 16;

/**
 * An ISO 9660 image (ECMA-119) with Rock Ridge and Joliet, so that every reader sees the names as they were given.
 *
 * @throws RangeError for names, sizes and times that the format has no place for
 */
export function writeIso({ volumeId, files, modifiedMs }: IsoOptions): Uint8Array {
  if (!/^[\x20-\x7e]{1,16}$/.test(volumeId)) throw new RangeError(`"${volumeId}" is no volume id`);
  const tree = treeOf(files);
  const take = sectorCounter(systemSectors + 3);
  const hierarchies = (['rock-ridge', 'joliet'] as const).map((flavour) =>
    placeHierarchy(planDirectories(tree, flavour), flavour, take),
  );
  const reference = take(sectorBytes);
  const extents = new Map(
    files.map((file) => [file, { sector: take(file.content.length), bytes: file.content.length }]),
  );
  const sectors = take(0);

  const places = (directories: readonly Extent[]): Places => ({
    directory: (position) => directories[position] ?? missing(),
    file: (file) => extents.get(file) ?? missing(),
    reference,
  });
  return concatBytes([
    new Uint8Array(systemSectors * sectorBytes),
    ...hierarchies.map(({ flavour, extents: [root = missing()], ...tables }) =>
      writeDescriptor({ volumeId, modifiedMs, sectors, root, ...tables }, flavour),
    ),
    writeTerminator(),
    ...hierarchies.flatMap(({ directories, extents: own, flavour }) => [
      ...(['little', 'big'] as const).map((order) =>
        padded(writePathTable(directories, (position) => own[position]?.sector ?? 0, order)),
      ),
      ...directories.map((directory, position) =>
        writeDirectory({ directory, position, flavour, places: places(own), modifiedMs }),
      ),
    ]),
    padded(extensionReference),
    ...files.map(({ content }) => padded(content)),
  ]);
}

/** Gives places one after another, each the first sector of so many bytes. */
function sectorCounter(first: number): (bytes: number) => number {
  let next = first;
  return (bytes) => {
    const sector = next;
    next += sectorsOf(bytes);
    return sector;
  };
}

function placeHierarchy(
  directories: readonly PlannedDirectory[],
  flavour: Flavour,
  take: (bytes: number) => number,
) {
  const tableBytes = writePathTable(directories, () => 0, 'little').length;
  const littleEndianTable = take(tableBytes);
  const bigEndianTable = take(tableBytes);
  const extents = directories.map((directory, position): Extent => {
    const bytes = directoryBytes(directory, position, flavour);
    return { sector: take(bytes), bytes };
  });
  return { directories, flavour, extents, tableBytes, littleEndianTable, bigEndianTable };
}

function missing(): never {
  throw new Error('a file or directory of the image has no place in it');
}
