import type { ByteSource } from '../../core/byte-source.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Files } from '../../host/files.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { BaseImage } from '../record.ts';
import { architectureSigns, type ArchitectureSign } from './contents/architectures.ts';
import { fileSource } from './file-source.ts';
import { formatOf } from './format.ts';
import { checkClusters } from './qcow2/clusters.ts';
import { invalidDisk, readHeader, redownload } from './qcow2/header.ts';
import { UnreadableCluster, openQcow2 } from './qcow2/open.ts';

export interface InspectedDisk {
  readonly format: BaseImage['format'];
  /** Bytes that a guest sees. */
  readonly bytes: number;
  /** Empty where nothing tells. */
  readonly signs: readonly ArchitectureSign[];
}

/**
 * Reads the disk's tables, all of them, and its loaders. Nothing is started for it.
 *
 * @param name for messages
 * @throws AnyarchError ANYARCH_DISK_INVALID
 */
export function inspectDisk(files: Files, path: string, name: string): InspectedDisk {
  const file = fileSource(files, path);
  const format = formatOf(file);
  if (format.kind === 'other') throw invalidDisk(name, `it is ${format.what}`, format.hint);
  if (format.kind === 'compressed')
    throw invalidDisk(name, `it is compressed twice (${format.ending})`, 'unpack it');
  if (format.kind === 'raw') {
    if (file.size % 512 !== 0) throw invalidDisk(name, 'it ends in the middle of a sector', redownload);
    return { format: 'raw', bytes: file.size, signs: readSigns(file) };
  }
  const header = readHeader(file, name);
  checkClusters(file, header, name);
  return { format: 'qcow2', bytes: header.bytes, signs: readSigns(openQcow2(file, header, name)) };
}

function readSigns(disk: ByteSource): ArchitectureSign[] {
  try {
    return architectureSigns(disk);
  } catch (error) {
    if (error instanceof UnreadableCluster) return [];
    throw error;
  }
}

/** @throws AnyarchError ANYARCH_DISK_ARCHITECTURE, ANYARCH_DISK_INVALID */
export function checkSuits(
  { signs }: Pick<InspectedDisk, 'signs'>,
  definition: Pick<MachineDefinition, 'architecture' | 'boots' | 'name'>,
  name: string,
): void {
  if (!definition.boots.includes('firmware'))
    throw invalidDisk(
      name,
      `machines of ${definition.name} do not start from a disk, they are given a kernel`,
      `anyarch machine create NAME -a ${definition.name} --image debian`,
    );
  const [first] = signs;
  if (first === undefined || signs.some(({ architecture }) => architecture === definition.architecture))
    return;
  const found = [...new Set(signs.map(({ architecture }) => architecture))];
  throw new AnyarchError(
    'ANYARCH_DISK_ARCHITECTURE',
    `${name} is for ${found.join(' and ')}, not for ${definition.architecture}: ${first.sign} tells`,
    {
      hint: `make a machine of that architecture: -a ${found[0] ?? first.architecture}; or take the image for ${definition.architecture}`,
      details: { disk: name, found, wanted: definition.architecture },
    },
  );
}
