import type { ByteSource } from '../../../core/byte-source.ts';
import { AnyarchError } from '../../../core/error.ts';

/** What of the header counts: https://www.qemu.org/docs/master/interop/qcow2.html */
export interface Qcow2Header {
  readonly version: 2 | 3;
  /** Bytes that a guest sees. */
  readonly bytes: number;
  readonly clusterBits: number;
  readonly l1Entries: number;
  readonly l1Offset: number;
  readonly compression: 'deflate' | 'zstd';
  readonly hasExtendedEntries: boolean;
}

/**
 * @param name for messages
 * @throws AnyarchError ANYARCH_DISK_INVALID also for what is right, but must not be in an image of strangers
 */
export function readHeader(file: ByteSource, name: string): Qcow2Header {
  const bytes = file.read(0, 112);
  if (bytes.length < 72) throw invalidDisk(name, 'it ends in the middle of the header', redownload);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = view.getUint32(4);
  if (version !== 2 && version !== 3)
    throw invalidDisk(name, `it is qcow2 of version ${version}`, 'versions 2 and 3 are known');
  if (version === 3 && bytes.length < 104)
    throw invalidDisk(name, 'it ends in the middle of the header', redownload);
  // Its content would come from a file of the host that the image names: any file that its user can read.
  if (view.getBigUint64(8) !== 0n)
    throw invalidDisk(name, 'it is an overlay over another file', flatten(name));
  if (view.getUint32(32) !== 0) throw invalidDisk(name, 'it is encrypted', 'take one that is not');
  const features = version === 3 ? view.getBigUint64(72) : 0n;
  refuseFeatures(features, name);
  const compression = (features & compressionBit) === 0n ? 0 : bytes[104];
  const clusterBits = view.getUint32(20);
  const size = view.getBigUint64(24);
  const header: Qcow2Header = {
    version,
    bytes: Number(size),
    clusterBits,
    l1Entries: view.getUint32(36),
    l1Offset: Number(view.getBigUint64(40)),
    compression: compression === 1 ? 'zstd' : 'deflate',
    hasExtendedEntries: (features & extendedBit) !== 0n,
  };
  if (clusterBits < 9 || clusterBits > 21 || size === 0n || size > maximumBytes || (compression ?? 9) > 1)
    throw invalidDisk(name, 'its header makes no sense', redownload);
  const entryBytes = header.hasExtendedEntries ? 16 : 8;
  const covered = (2 ** clusterBits / entryBytes) * 2 ** clusterBits;
  if (header.l1Entries < Math.ceil(header.bytes / covered) || header.l1Entries > 2 ** 22)
    throw invalidDisk(name, 'its table does not cover its size', redownload);
  return header;
}

/** 64 TiB. */
const maximumBytes = 2n ** 46n;
const compressionBit = 1n << 3n;
const extendedBit = 1n << 4n;

function refuseFeatures(features: bigint, name: string): void {
  if ((features & 2n) !== 0n) throw invalidDisk(name, 'it is marked as corrupt', redownload);
  if ((features & 1n) !== 0n)
    throw invalidDisk(
      name,
      'it was not closed properly, or a machine runs from it',
      `qemu-img check -r leaks ${name}`,
    );
  if ((features & 4n) !== 0n) throw invalidDisk(name, 'its data are in another file', flatten(name));
  if (features >> 5n !== 0n) throw invalidDisk(name, 'it has features that are not known', flatten(name));
}

export const redownload = 'download or make it again';

function flatten(name: string): string {
  return `make one file of it, where you trust it: qemu-img convert -O qcow2 ${name} flat.qcow2`;
}

export function invalidDisk(name: string, what: string, hint: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_DISK_INVALID', `${name} cannot be a machine's disk: ${what}`, {
    hint,
    details: { disk: name },
    cause,
  });
}
