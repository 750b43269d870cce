import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { backingFile } from './backing-file.ts';
import { isUnwritten } from './is-unwritten.ts';

/**
 * Whether no guest has ever written to a disk: it is as its image is. To be asked of layers that no QEMU writes to. In case
 * of doubt one has.
 *
 * @param layer absolute
 * @param base what the disk was made of: `BaseImage.file`
 */
export function isUntouched(files: Pick<Files, 'readAt'>, layer: string, base: string): boolean {
  const seen = new Set<string>();
  let file: string | undefined = layer;
  while (file !== undefined && !seen.has(file) && isEmpty(files, file)) {
    seen.add(file);
    file = backingFile(files, file);
    if (file === base) return true;
  }
  return false;
}

function isEmpty(files: Pick<Files, 'readAt'>, file: string): boolean {
  return ignoring(['ENOENT', 'ENOTDIR'], () => isUnwritten(files, file)) ?? false;
}
