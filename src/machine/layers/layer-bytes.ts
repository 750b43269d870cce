import { AnyarchError } from '../../core/error.ts';
import type { Files } from '../../host/files.ts';

/**
 * Bytes that a guest sees of a qcow2 file, by its header; also while QEMU runs with it.
 *
 * @throws AnyarchError ANYARCH_DISK_INVALID
 */
export function layerBytes(files: Pick<Files, 'readAt'>, path: string): number {
  const header = files.readAt(path, 0, 32);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 32 || view.getUint32(0) !== 0x51_46_49_fb)
    throw new AnyarchError('ANYARCH_DISK_INVALID', `${path} is no qcow2 file`, {
      hint: 'restore a snapshot of the machine, or make it anew',
      details: { path },
    });
  return Number(view.getBigUint64(24));
}
