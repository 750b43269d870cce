import * as fs from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { isStill, openIfThere, tryFlock } from './flock.ts';
import type { FlockHost } from './flock.ts';
import { imageFiles } from './places.ts';

const { O_RDWR } = fs.constants;

/**
 * Keeps the image from being removed until the result is called or this process ends, and notes when it was used.
 *
 * @param directory of the image
 * @throws AnyarchError ANYARCH_IMAGE_NOT_STORED when it was removed meanwhile
 */
export function holdImage(host: FlockHost, directory: string): () => void {
  const path = `${directory}/${imageFiles.use}`;
  const descriptor = openIfThere(path, O_RDWR);
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
export function claimImage(host: FlockHost, directory: string): (() => void) | undefined {
  const descriptor = openIfThere(`${directory}/${imageFiles.use}`, O_RDWR);
  // One without the file is incomplete (find.ts): nobody can use it.
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

/** Where there are no locks nothing is kept from anybody. */
function lock(host: FlockHost, descriptor: number, kind: 'exclusive' | 'shared'): boolean {
  return tryFlock(host, descriptor, kind) ?? true;
}

function gone(directory: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_NOT_STORED', `the image in ${directory} has just been removed`, {
    hint: 'run the command again: the image is unpacked again',
  });
}
