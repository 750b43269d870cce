import * as fs from 'node:fs';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { isStill, openIfThere, tryFlock } from './flock.ts';
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

type Purpose = 'building' | 'removing' | 'verifying';

/**
 * The directory itself is locked: what frees space must not need any.
 *
 * @param adopted what becomes the directory, instead of a new one
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export function makeWorkPlace(host: Host, state: string, purpose: Purpose, adopted?: string): WorkPlace {
  const images = prepareImages(host, state);
  try {
    for (;;) {
      const path = `${images}/.${purpose}-${process.pid}-${Math.random().toString(36).slice(2, 10)}`;
      if (adopted === undefined) fs.mkdirSync(path, 0o700);
      else fs.renameSync(adopted, path);
      const own = lockPlace(host, path, () => true);
      if (own !== undefined) return { path, release: own, remove: () => removePlace(host, state, path, own) };
      // Who looks for what was left came between: it clears it away.
      if (adopted !== undefined) return { path, release: () => undefined, remove: () => Promise.resolve() };
    }
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

/** What killed commands left; nobody else clears it away before it is removed or released. */
export function takeLeftovers(host: Host, state: string): WorkPlace[] {
  const images = imagesDirectory(state);
  if (host.files.linkStatus(images)?.kind !== 'directory') return [];
  return host.files
    .list(images)
    .filter((name) => workName.test(name))
    .toSorted()
    .flatMap((name) => {
      const path = `${images}/${name}`;
      const release = lockPlace(host, path, () => isAbandoned(host, path));
      return release === undefined
        ? []
        : [{ path, release, remove: () => removePlace(host, state, path, release) }];
    });
}

/**
 * @param isFree where nothing can be locked
 * @returns how to let it go; undefined when it is another command's, or gone
 */
function lockPlace(host: Host, path: string, isFree: () => boolean): (() => void) | undefined {
  const descriptor = openIfThere(path, fs.constants.O_RDONLY | fs.constants.O_DIRECTORY);
  if (descriptor === undefined) return undefined;
  const isOwn = (tryFlock(host, descriptor, 'exclusive') ?? isFree()) && isStill(path, descriptor);
  if (!isOwn) fs.closeSync(descriptor);
  let open = isOwn;
  const release = (): void => {
    if (open) fs.closeSync(descriptor);
    open = false;
  };
  return isOwn ? release : undefined;
}

/** The process in its name is gone. */
function isAbandoned({ files }: Pick<Host, 'files'>, path: string): boolean {
  return files.linkStatus(`/proc/${/-(\d+)-[0-9a-z]*$/.exec(path)?.[1] ?? ''}`) === undefined;
}

async function removePlace(host: Host, state: string, path: string, release: () => void): Promise<void> {
  try {
    await emptyPlace(host, state, path);
    fs.rmdirSync(path);
  } catch (error) {
    throw fileFailure(error, path);
  } finally {
    release();
  }
}
