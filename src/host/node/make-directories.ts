import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { ignoring } from '../system-error.ts';
import { systemCall } from './system-call.ts';

/**
 * Makes a directory and its missing parents: up to the first that exists, then down again, once. Not Node's
 * `recursive`, which never ends where mkdir(2) says ENOENT below an existing directory, as in /proc, and which
 * reports EROFS as ENOENT (Node 20.20).
 *
 * @param mode of each directory that is made; the umask takes bits away
 * @throws SystemError
 */
export function makeDirectories(path: string, mode = 0o755): void {
  const missingParent = ignoring(['ENOENT'], () => makeOne(path, mode)) === undefined;
  if (!missingParent) return;
  if (dirname(path) !== path) makeDirectories(dirname(path), mode);
  makeOne(path, mode);
}

function makeOne(path: string, mode: number): true {
  return systemCall('mkdir', path, () => {
    try {
      fs.mkdirSync(path, mode);
    } catch (error) {
      const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
      if (!exists || !fs.statSync(path).isDirectory()) throw error;
    }
    return true;
  });
}
