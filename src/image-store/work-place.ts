import * as fs from 'node:fs';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { acquireLock, tryLock, withLock } from '../host/lock.ts';
import type { Lock } from '../host/lock.ts';
import { imagesDirectory, workName } from './places.ts';
import { emptyPlace } from './empty-place.ts';

/** A directory that one command works in; who finds it without its owner clears it away. */
export interface WorkPlace {
  readonly path: string;
  /** With all that is in it. */
  remove(): Promise<void>;
  /** It has become something else. */
  release(): void;
}

/**
 * @param adopted what becomes the directory, instead of a new one
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export function makeWorkPlace(
  host: Host,
  state: string,
  purpose: 'building' | 'removing' | 'verifying',
  adopted?: string,
): WorkPlace {
  const images = prepareImages(host, state);
  try {
    // Made and locked as one step, for who looks for what was left.
    return withLock(host, storeLock(images), () => {
      const path = `${images}/.${purpose}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
      const lock = acquireLock(host, lockOf(path));
      try {
        if (adopted === undefined) fs.mkdirSync(path, 0o700);
        else fs.renameSync(adopted, path);
      } catch (error) {
        lock.release();
        throw error;
      }
      return {
        path,
        release: () => {
          lock.release();
        },
        remove: () => removePlace(host, state, path, lock),
      };
    });
  } catch (error) {
    throw fileFailure(error, images);
  }
}

/** The directory of the images, which is only the user's. */
export function prepareImages({ files }: Pick<Host, 'files'>, state: string): string {
  const images = imagesDirectory(state);
  try {
    files.makeDirectory(state, 0o755);
    files.makeDirectory(images, 0o700);
  } catch (error) {
    throw fileFailure(error, images);
  }
  return files.resolve(images);
}

/** Clears what killed commands left. @returns the paths */
export async function removeLeftovers(host: Host, state: string): Promise<string[]> {
  const images = imagesDirectory(state);
  if (host.files.linkStatus(images) === undefined) return [];
  const dead = withLock(host, storeLock(images), () =>
    host.files
      .list(images)
      .filter((name) => workName.test(name))
      .flatMap((name) => {
        const path = `${images}/${name}`;
        const lock = tryLock(host, lockOf(path));
        return 'release' in lock ? [{ path, lock }] : [];
      }),
  );
  for (const { path, lock } of dead) await removePlace(host, state, path, lock);
  return dead.map(({ path }) => path);
}

async function removePlace(host: Host, state: string, path: string, lock: Lock): Promise<void> {
  try {
    await emptyPlace(host, state, path);
    fs.rmdirSync(path);
  } finally {
    lock.release();
  }
}

function storeLock(images: string): string {
  return `${images}/store.lock`;
}

/** Beside it, so that nothing but what is worked on is in the directory. */
function lockOf(path: string): string {
  return `${path}.lock`;
}
