import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import type { Backing } from './create-layer.ts';

/** Header extension that names the format of what a file lies over. */
const formatExtension = 0xe2_79_2a_ca;

/** Extensions end with the first cluster, which is not larger. */
const longestHeader = 1 << 16;

/**
 * The format of what a qcow2 file lies over, as it says itself. Never guessed: a raw disk can begin like any other format.
 *
 * https://www.qemu.org/docs/master/interop/qcow2.html
 *
 * @returns undefined where it does not say, or names one that machines do not lie over
 */
export function backingFormat(files: Pick<Files, 'readAt'>, path: string): Backing['format'] | undefined {
  const header = files.readAt(path, 0, longestHeader);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  if (header.length < 104 || view.getUint32(0) !== 0x51_46_49_fb || view.getUint32(4) < 3) return undefined;
  for (let at = view.getUint32(100); at + 8 <= header.length;) {
    const type = view.getUint32(at);
    const length = view.getUint32(at + 4);
    if (type === 0) return undefined;
    if (type === formatExtension) {
      const format = decodeUtf8(header.subarray(at + 8, at + 8 + length));
      return format === 'qcow2' || format === 'raw' ? format : undefined;
    }
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return undefined;
}
