import type { ByteSource } from '../../core/byte-source.ts';
import { AnyarchError } from '../../core/error.ts';
import { encodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { formatOf } from '../image/format.ts';
import { readHeader } from '../image/qcow2/header.ts';

const sector = 512;

/** First bytes of what may fill a disk that has no partitions, as blkid(8) knows them. */
const wholeDisks: readonly { readonly at: number; readonly bytes: Uint8Array }[] = [
  // ext2 to ext4, xfs, btrfs, f2fs.
  { at: 0x438, bytes: Uint8Array.of(0x53, 0xef) },
  { at: 0, bytes: encodeUtf8('XFSB') },
  { at: 0x1_0040, bytes: encodeUtf8('_BHRfS_M') },
  { at: 0x400, bytes: Uint8Array.of(0x10, 0x20, 0xf5, 0xf2) },
  // A physical volume of LVM, an encrypted one.
  { at: 512, bytes: encodeUtf8('LABELONE') },
  { at: 0, bytes: Uint8Array.of(0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe) },
];

/**
 * The format of a disk that a system is to be read from. Never left to QEMU: a raw disk's content could pretend to be an overlay
 * over a file of the host's.
 *
 * @param disk absolute
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_DISK_INVALID
 */
export function diskFormat(files: Pick<Files, 'readAt' | 'status'>, disk: string): 'qcow2' | 'raw' {
  const status = files.status(disk);
  if (status?.kind !== 'file')
    throw new AnyarchError(
      'ANYARCH_FILE',
      `${disk} ${status === undefined ? 'does not exist' : 'is no file'}`,
      { hint: 'name a qcow2 or raw disk' },
    );
  const source: ByteSource = {
    read: (offset, length) => files.readAt(disk, offset, length),
    size: status.size,
  };
  if (source.size === 0) throw notReadable(disk, 'empty', 'name the disk of an installed system');
  if (wholeDisks.some((one) => startsWith(source.read(one.at, one.bytes.length), one.bytes))) return 'raw';
  const format = formatOf(source);
  switch (format.kind) {
    case 'qcow2':
      readHeader(source, disk);
      return 'qcow2';
    case 'raw':
      if (isCutOff(source))
        throw notReadable(disk, 'shorter than its partition table says', 'copy or download it again');
      return 'raw';
    case 'compressed':
      throw notReadable(disk, `compressed (${format.ending})`, 'unpack it first');
    case 'other':
      throw notReadable(disk, format.what, format.hint);
  }
}

/** Whether the last sector for partitions is beyond the end: UEFI specification 2.10, table 5.5. Linux takes no such table. */
function isCutOff(source: ByteSource): boolean {
  const header = source.read(sector, 56);
  if (header.length < 56 || !startsWith(header.subarray(0, 8), encodeUtf8('EFI PART'))) return false;
  const last = new DataView(header.buffer, header.byteOffset, header.byteLength).getBigUint64(48, true);
  return last >= BigInt(Math.floor(source.size / sector));
}

function startsWith(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return bytes.length === wanted.length && wanted.every((byte, index) => bytes[index] === byte);
}

function notReadable(disk: string, what: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_DISK_INVALID', `${disk} is ${what}`, { hint });
}
