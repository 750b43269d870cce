import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';

/** The longest name that the format allows. */
const longestName = 1023;

/**
 * What a qcow2 file lies over, as it says itself: an absolute path where anyarch made it. Only the header is read, which
 * a running QEMU does not change.
 *
 * https://www.qemu.org/docs/master/interop/qcow2.html
 *
 * @returns undefined where it lies over nothing, or is no qcow2 file
 */
export function backingFile(files: Pick<Files, 'readAt'>, path: string): string | undefined {
  const header = files.readAt(path, 0, 20);
  if (header.length < 20) return undefined;
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (view.getUint32(0) !== 0x51_46_49_fb) return undefined;
  const offset = view.getBigUint64(8);
  const length = view.getUint32(16);
  if (offset === 0n || length === 0 || length > longestName || offset > BigInt(Number.MAX_SAFE_INTEGER))
    return undefined;
  return decodeUtf8(files.readAt(path, Number(offset), length));
}
