import { statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { digestOfHex } from '../../core/oci/digest.ts';
import { formatImagePlatform, imagePlatform, type ImagePlatform } from '../../core/oci/image-platform.ts';
import { parsePlatform } from '../../core/platform.ts';
import { cacheDirectory } from '../../host/cache-directory.ts';
import type { Host } from '../../host/host.ts';
import { checkSingle, writeSingleImage, type OutputFormat } from '../../image/index.ts';
import { makeWorkDirectory } from '../../image-source/index.ts';
import { readMembers } from '../../image-store/index.ts';
import { digestOf } from '../../store/index.ts';
import type { DiskToolOptions } from '../disk/disk-tools.ts';
import { removeTree } from '../disk/remove-tree.ts';
import { withMachineLock } from '../life/lock.ts';
import { machinesDirectory } from '../places.ts';
import { readDisk } from '../reader/read-disk.ts';
import type { ReaderReport } from '../reader/report.ts';
import { diskFormat } from './disk-format.ts';
import { createCensus, type Census } from './elf-census.ts';

export interface FromDiskOptions extends DiskToolOptions {
  /** Absolute. */
  readonly disk: string;
  /** Absolute; made now. */
  readonly output: string;
  readonly format: OutputFormat;
  readonly compression: 'gzip' | 'none';
  /** Default: `localhost/` and the disk's name. */
  readonly name?: string | undefined;
  readonly partition?: string | undefined;
}

export interface ImageOfDisk {
  readonly output: string;
  readonly name: string;
  readonly digest: string;
  readonly platform: ImagePlatform;
  /** Bytes of the system as a tar, and packed. */
  readonly size: number;
  readonly packedSize: number;
  readonly entries: number;
  readonly disk: Pick<ReaderReport, 'devices' | 'root' | 'mounted' | 'missing' | 'said'>;
  readonly warnings: readonly string[];
}

/**
 * Makes a container image of the system that is installed on a disk: all of its files, with owners, modes and extended attributes,
 * as one layer, for the architecture that its programs are compiled for. The disk is not written to.
 *
 * @throws AnyarchError ANYARCH_DISK_INVALID, ANYARCH_USAGE, ANYARCH_OUTPUT_EXISTS, ANYARCH_REFERENCE_INVALID, and what `readDisk` throws
 */
export async function imageFromDisk(host: Host, options: FromDiskOptions): Promise<ImageOfDisk> {
  const { disk, output, format, compression, signal, onProgress, partition } = options;
  const name = options.name ?? defaultName(disk);
  await checkSingle(name, options);
  checkPartition(partition);
  const kind = diskFormat(host.files, disk);
  const scratch = await makeWorkDirectory(join(cacheDirectory(host.system), 'disks'));
  try {
    // No machine needs what it reads with, and yet that must not be pruned meanwhile.
    const lock = `${machinesDirectory(host.system)}/.reading-${basename(scratch).replaceAll('.', '-')}.lock`;
    const system = await withMachineLock(
      host,
      { places: { lock } },
      async () => await readDisk(host, { disk, format: kind, partition, scratch }, options),
    );
    const census = await takeCensus(system.archive);
    const { platform, warnings } = platformOf(census, disk);
    onProgress?.({ phase: 'compress', subject: basename(output), received: 0, total: undefined });
    const written = await writeSingleImage(
      {
        archive: system.archive,
        platform,
        config: {
          Cmd: [census.has('bin/bash') || census.has('usr/bin/bash') ? '/bin/bash' : '/bin/sh'],
          Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
          WorkingDir: '/',
        },
        created: new Date(host.clock.now()).toISOString(),
        createdBy: `anyarch image from-disk ${basename(disk)}`,
        name,
      },
      { output, format, compression, temporary: join(scratch, 'layer'), signal },
    );
    const { devices, root, mounted, missing, said } = system.report;
    return {
      ...{ output, name, platform },
      digest: written.digest,
      size: statSync(system.archive).size,
      packedSize: written.layerSize,
      entries: census.entries(),
      disk: { devices, root, mounted, missing, said },
      warnings: [
        ...warnings,
        ...missing.map(({ what, where }) => `${where} is not in the image: ${what} is not on this disk`),
      ],
    };
  } finally {
    await removeTree(host, scratch);
  }
}

function defaultName(disk: string): string {
  const stem = basename(disk)
    .toLowerCase()
    .replace(/\.(qcow2|img|raw)$/, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return `localhost/${stem === '' ? 'disk' : stem}:latest`;
}

/** It goes onto the helper's command line. */
function checkPartition(partition: string | undefined): void {
  if (partition === undefined || /^([1-9]\d{0,2}|[\w+.][\w+.-]{0,100})$/.test(partition)) return;
  throw new AnyarchError('ANYARCH_USAGE', `--partition ${partition}: that is no partition`, {
    hint: 'write its number, or the name of a logical volume as in /dev/mapper: --partition 2',
  });
}

async function takeCensus(archive: string): Promise<Census> {
  const sha256 = await digestOf(archive);
  if (sha256 === undefined) throw new Error(`${archive} has gone`);
  const census = createCensus();
  const { size } = statSync(archive);
  await readMembers({ diffId: digestOfHex(sha256), path: archive, offset: 0, size }, census);
  return census;
}

function platformOf(
  census: Census,
  disk: string,
): { readonly platform: ImagePlatform; readonly warnings: readonly string[] } {
  const [first, second] = census.architectures();
  const name = first === undefined ? undefined : findArchitecture(first[0]).platforms[0];
  if (first === undefined || name === undefined)
    throw new AnyarchError(
      'ANYARCH_DISK_INVALID',
      first === undefined
        ? `the system on ${disk} has no programs that tell its architecture`
        : `OCI has no name for the architecture of ${disk}: ${first[0]}`,
      { hint: 'another partition may have the system: --partition' },
    );
  const platform = imagePlatform(parsePlatform(name));
  const warnings =
    second === undefined
      ? []
      : [
          `programs of ${second[0]} are among them (${second[1]}); the image says ${formatImagePlatform(platform)}`,
        ];
  return { platform, warnings };
}
