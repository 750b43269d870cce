import { dirname } from 'node:path';
import type { Files } from '../../host/files.ts';
import { backingFile } from './backing-file.ts';
import { isUnwritten } from './is-unwritten.ts';

/**
 * Whether no guest has ever written to a disk: it is as its image is. To be asked of layers that no QEMU has open. In case
 * of doubt one has.
 *
 * @param layer absolute, in `layersDirectory`
 */
export function isUntouched(files: Pick<Files, 'readAt'>, layer: string): boolean {
  for (let file = layer; isUnwritten(files, file);) {
    const below = backingFile(files, file);
    if (below === undefined || dirname(below) !== dirname(layer)) return true;
    file = below;
  }
  return false;
}
