import * as fs from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import { nodeFlock } from '../host/node/flock.ts';
import { nodeLaunchers } from '../host/node/launchers.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { imageFiles } from './places.ts';

type UseHost = Pick<Host, 'files' | 'system' | 'clock'>;

/** A file system or a host without such locks cannot tell; there nothing is kept from anybody. */
const unsupported = ['ENOTSUP', 'ENOSYS', 'ENOLCK', 'EINVAL'];

/**
 * Keeps the image from being removed until the result is called or this process ends, and notes when it was used.
 *
 * @param directory of the image
 * @throws AnyarchError ANYARCH_IMAGE_NOT_STORED when it was removed meanwhile
 */
export function holdImage(host: UseHost, directory: string): () => void {
  const path = `${directory}/${imageFiles.use}`;
  const descriptor = openIfThere(path);
  if (descriptor === undefined) throw gone(directory);
  const isHeld = lock(host, descriptor, 'shared') && isStill(path, descriptor);
  if (!isHeld) {
    fs.closeSync(descriptor);
    throw gone(directory);
  }
  const now = new Date(host.clock.now());
  fs.futimesSync(descriptor, now, now);
  let open = true;
  return () => {
    if (open) fs.closeSync(descriptor);
    open = false;
  };
}

/**
 * What keeps everybody from beginning to use the image, until it is called; undefined while somebody uses it.
 *
 * @param directory of the image
 */
export function claimImage(host: UseHost, directory: string): (() => void) | undefined {
  const descriptor = openIfThere(`${directory}/${imageFiles.use}`);
  // One without the file is damaged: nobody can use it.
  if (descriptor === undefined) return () => undefined;
  if (lock(host, descriptor, 'exclusive'))
    return () => {
      fs.closeSync(descriptor);
    };
  fs.closeSync(descriptor);
  return undefined;
}

/** Milliseconds since the epoch. */
export function lastUsed({ files }: Pick<Host, 'files'>, directory: string): number | undefined {
  return files.linkStatus(`${directory}/${imageFiles.use}`)?.modifiedMs;
}

function openIfThere(path: string): number | undefined {
  try {
    return fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_NOFOLLOW);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

function lock(host: UseHost, descriptor: number, kind: 'exclusive' | 'shared'): boolean {
  try {
    return nodeFlock(nodeLaunchers(host))(descriptor, kind);
  } catch (error) {
    if (error instanceof SystemError && unsupported.includes(error.errno)) return true;
    throw error;
  }
}

/** Who removes an image gives it another name first. */
function isStill(path: string, descriptor: number): boolean {
  return fs.lstatSync(path, { throwIfNoEntry: false })?.ino === fs.fstatSync(descriptor).ino;
}

function gone(directory: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_NOT_STORED', `the image in ${directory} has just been removed`, {
    hint: 'run the command again: the image is unpacked again',
  });
}
