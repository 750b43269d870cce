import { concatBytes } from '../core/bytes.ts';
import { directorySectors, writeDirectory } from './directory.ts';
import { isoNames, jolietNames } from './names.ts';
import { writePathTable } from './path-table.ts';
import { extensionReference } from './rock-ridge.ts';
import { padded, sectorBytes, sectorsOf } from './sector.ts';
import { writeDescriptor, writeTerminator, type VolumeLayout } from './volume-descriptor.ts';

export interface IsoFile {
  /** 1 to 64 characters without `/` and NUL, at most 110 bytes of UTF-8. */
  readonly name: string;
  /** Less than 4 GiB. */
  readonly content: Uint8Array;
  /** Permission bits; default 0o444. */
  readonly mode?: number;
}

export interface IsoOptions {
  /** At most 16 ASCII characters: what `blkid` calls the label. */
  readonly volumeId: string;
  /** They all lie in the root directory. */
  readonly files: readonly IsoFile[];
  /** Of the volume and of every file, milliseconds since the epoch. The same input gives the same bytes. */
  readonly modifiedMs: number;
}

/** ECMA-119, 6.2.1: the first sectors are the system's. */
const systemSectors = 16;

/**
 * An ISO 9660 image (ECMA-119) with Rock Ridge and Joliet, so that every reader sees the names as they were given.
 *
 * @throws RangeError for names, sizes and times that the format has no place for
 */
export function writeIso({ volumeId, files, modifiedMs }: IsoOptions): Uint8Array {
  if (!/^[\x20-\x7e]{1,16}$/.test(volumeId)) throw new RangeError(`"${volumeId}" is no volume id`);
  const names = files.map(({ name }) => name);
  const plainNames = isoNames(names);
  const widerNames = jolietNames(names);

  const tables = systemSectors + 3;
  const plainRoot = tables + 4;
  const plainSectors = directorySectors(files, plainNames, 'rock-ridge');
  const widerRoot = plainRoot + plainSectors;
  const widerSectors = directorySectors(files, widerNames, 'joliet');
  const reference = widerRoot + widerSectors;
  let end = reference + 1;
  const extents = files.map(({ content }) => {
    const extent = { sector: end, bytes: content.length };
    end += sectorsOf(content.length);
    return extent;
  });

  const layout = (root: number, rootSectors: number, table: number): VolumeLayout => ({
    volumeId,
    modifiedMs,
    sectors: end,
    root: { sector: root, bytes: rootSectors * sectorBytes },
    littleEndianTable: table,
    bigEndianTable: table + 1,
  });
  const plain = layout(plainRoot, plainSectors, tables);
  const wider = layout(widerRoot, widerSectors, tables + 2);
  return concatBytes([
    new Uint8Array(systemSectors * sectorBytes),
    writeDescriptor(plain, 'primary'),
    writeDescriptor(wider, 'joliet'),
    writeTerminator(),
    writePathTable(plainRoot, 'little'),
    writePathTable(plainRoot, 'big'),
    writePathTable(widerRoot, 'little'),
    writePathTable(widerRoot, 'big'),
    writeDirectory({
      files,
      identifiers: plainNames,
      extents,
      root: plain.root,
      modifiedMs,
      flavour: { kind: 'rock-ridge', reference },
    }),
    writeDirectory({
      files,
      identifiers: widerNames,
      extents,
      root: wider.root,
      modifiedMs,
      flavour: { kind: 'joliet' },
    }),
    padded(extensionReference),
    ...files.map(({ content }) => padded(content)),
  ]);
}
