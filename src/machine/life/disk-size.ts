import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';

/**
 * Bytes that a guest sees of a qcow2 file (QEMU's docs/interop/qcow2.rst: big-endian at 24).
 *
 * @throws AnyarchError ANYARCH_DISK_INVALID; SystemError
 */
export function diskSize({ files }: Pick<Host, 'files'>, path: string): number {
  const header = files.readAt(path, 0, 32);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length === 32 && view.getUint32(0) === 0x514649fb) return Number(view.getBigUint64(24));
  throw new AnyarchError('ANYARCH_DISK_INVALID', `${path} is no qcow2 file`, {
    hint: 'the disk of this machine is lost; go back to a snapshot, or make the machine anew',
    details: { path },
  });
}
