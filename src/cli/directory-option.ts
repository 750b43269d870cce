import { absolutePath } from '../core/absolute-path.ts';
import { AnyarchError } from '../core/error.ts';
import type { Files } from '../host/files.ts';
import { ignoring } from '../host/system-error.ts';

/**
 * The directory that an option names, without links.
 *
 * @param from what a relative path starts at
 * @throws AnyarchError ANYARCH_USAGE
 */
export function directoryOption(
  files: Pick<Files, 'resolve' | 'status'>,
  option: '--rootfs' | '--sysroot',
  given: string,
  from: string,
): string {
  const path = ignoring(['ENOENT', 'ENOTDIR', 'ELOOP'], () => files.resolve(absolutePath(given, from)));
  if (path !== undefined && files.status(path)?.kind === 'directory') return path;
  const problem = path === undefined ? 'does not exist' : 'is not a directory';
  throw new AnyarchError('ANYARCH_USAGE', `${option}: "${given}" ${problem}`, {
    hint: `${option} takes the directory of an unpacked root file system`,
  });
}
