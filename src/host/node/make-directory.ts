import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { ignoring } from '../system-error.ts';
import { systemCall } from './system-call.ts';

/** Not Node's `recursive`, which reports EROFS as ENOENT (Node 20.20). */
export function makeDirectory(path: string, mode = 0o755): void {
  const missingParent = ignoring(['ENOENT'], () => makeOne(path, mode)) === undefined;
  if (!missingParent) return;
  if (dirname(path) !== path) makeDirectory(dirname(path), mode);
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
