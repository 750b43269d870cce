import type { Files } from '../../host/files.ts';

/** Entries of a table that is read as a whole: a disk of 512 TiB. */
const mostEntries = 1 << 20;

/**
 * Whether a qcow2 file has nothing of its own: all that is read from it comes from what lies below. To be asked of files
 * that no QEMU has open. In case of doubt it has.
 *
 * https://www.qemu.org/docs/master/interop/qcow2.html
 */
export function isUnwritten(files: Pick<Files, 'readAt'>, path: string): boolean {
  const header = viewOf(files.readAt(path, 0, 80));
  if (header.byteLength < 80 || header.getUint32(0) !== 0x51_46_49_fb) return false;
  const entries = header.getUint32(36);
  const offset = header.getBigUint64(40);
  const snapshots = header.getUint32(60);
  // Not closed properly, damaged, or with something that is told by no other field.
  const isSpecial = header.getUint32(4) < 3 || header.getBigUint64(72) !== 0n;
  if (isSpecial || snapshots > 0 || entries === 0 || entries > mostEntries) return false;
  if (offset > BigInt(Number.MAX_SAFE_INTEGER)) return false;
  const table = files.readAt(path, Number(offset), entries * 8);
  return table.length === entries * 8 && table.every((byte) => byte === 0);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
