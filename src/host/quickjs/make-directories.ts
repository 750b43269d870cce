import { SystemError, ignoring } from '../system-error.ts';
import { parentOf } from './parent.ts';
import { systemCall } from './system-call.ts';

/**
 * Makes a directory and its missing parents: up to the first that exists, then down again, once, so that it ends where
 * mkdir(2) says ENOENT below an existing directory, as in /proc.
 *
 * @param mode of each directory that is made; the umask takes bits away
 * @throws SystemError
 */
export function makeDirectories(path: string, mode = 0o755): void {
  const missingParent = ignoring(['ENOENT'], () => makeOne(path, mode)) === undefined;
  if (!missingParent) return;
  if (parentOf(path) !== path) makeDirectories(parentOf(path), mode);
  makeOne(path, mode);
}

function makeOne(path: string, mode: number): true {
  return systemCall('mkdir', path, () => {
    const made = ignoring(['EEXIST'], () =>
      systemCall('mkdir', path, () => {
        kernel.makeDirectory(path, mode);
        return true;
      }),
    );
    if (made === undefined && kernel.status(path).kind !== 'directory')
      throw new SystemError('EEXIST', 'mkdir', path);
    return true;
  });
}
