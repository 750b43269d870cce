import * as fs from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { readDocument } from './document.ts';
import type { ImageDocument } from './document.ts';
import { imageDirectories, isComplete } from './find.ts';
import type { Difference } from './listing/compare.ts';
import { namedImages } from './list.ts';
import { runWorker } from './run-worker.ts';
import { treeDigest } from './tree-digest.ts';
import { makeWorkPlace } from './work-place.ts';
import type { WorkPlace } from './work-place.ts';
import { holdImage } from './use.ts';

export interface VerifiedImage {
  readonly outcome: 'intact' | 'changed' | 'failed';
  readonly path: string;
  readonly references: readonly string[];
  readonly entries?: number;
  /** The first hundred, of `differenceCount`. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly error?: AnyarchError;
}

/**
 * Compares trees, every byte of them, with what was unpacked.
 *
 * @param names references or digests; all images when there are none
 * @throws AnyarchError ANYARCH_IMAGE_NOT_STORED
 */
export async function verifyImages(
  host: Host,
  state: string,
  names: readonly string[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<VerifiedImage[]> {
  const named = names.flatMap((name) => namedImages(host, state, name)).map(({ directory }) => directory);
  const directories = names.length === 0 ? imageDirectories(host, state) : [...new Set(named)];
  const results: VerifiedImage[] = [];
  for (const directory of directories) results.push(await verifyOne(host, state, directory, signal));
  return results;
}

async function verifyOne(
  host: Host,
  state: string,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<VerifiedImage> {
  let document: ImageDocument | undefined;
  try {
    document = readDocument(host.files, directory);
    if (document === undefined) throw damaged(directory, 'its document is missing');
    if (`sha256:${directory.slice(-64)}` !== treeDigest(document.diffIds, document.ids))
      throw damaged(directory, 'its document is that of another image');
    if (!isComplete(host, directory)) throw damaged(directory, 'it is not complete');
    const comparison = await compare(host, state, directory, document, signal);
    return {
      outcome: comparison.count === 0 ? 'intact' : 'changed',
      path: directory,
      references: referencesOf(document),
      entries: document.entries,
      differences: comparison.differences,
      differenceCount: comparison.count,
    };
  } catch (failure) {
    const error = fileFailure(failure, directory);
    if (!(error instanceof AnyarchError) || error.code === 'ANYARCH_CANCELLED') throw error;
    const references = document === undefined ? [] : referencesOf(document);
    return { outcome: 'failed', path: directory, references, differences: [], differenceCount: 0, error };
  }
}

async function compare(
  host: Host,
  state: string,
  directory: string,
  document: ImageDocument,
  signal: AbortSignal | undefined,
): Promise<{ readonly differences: readonly Difference[]; readonly count: number }> {
  const release = holdImage(host, directory);
  try {
    const request = { task: 'verify', image: directory, sha256: document.listing } as const;
    return await inSomePlace(host, state, async (place) => {
      return await runWorker(host, request, { ids: document.ids, place, scratch: `${state}/mount`, signal });
    });
  } finally {
    release();
  }
}

/** To verify is not to write: a full disk is no reason not to. The worker needs room for a small program only. */
async function inSomePlace<T>(host: Host, state: string, work: (place: string) => Promise<T>): Promise<T> {
  const places = [
    () => makeWorkPlace(host, state, 'verifying'),
    ...['/dev/shm', '/tmp'].map((directory) => () => makeFleetingPlace(host, directory)),
  ];
  for (const [index, make] of places.entries()) {
    try {
      const place = make();
      try {
        return await work(place.path);
      } finally {
        await place.remove();
      }
    } catch (error) {
      const isNoPlace =
        error instanceof AnyarchError && ['ANYARCH_DISK_FULL', 'ANYARCH_PERMISSION'].includes(error.code);
      if (!isNoPlace || index === places.length - 1) throw error;
    }
  }
  throw new Error('there is always a place');
}

/** Called as what probes leave, and cleared away as that, should this process be killed (registration/probe-leftovers.ts). */
function makeFleetingPlace({ files }: Host, directory: string): Pick<WorkPlace, 'path' | 'remove'> {
  const [namespace = '0'] = /\d+/.exec(files.readLink('/proc/self/ns/pid')) ?? [];
  const path = `${directory}/anyarch-probe-${process.pid}-${namespace}-${Math.trunc(performance.now() * 1000)}`;
  try {
    fs.mkdirSync(path, 0o700);
  } catch (error) {
    throw fileFailure(error, path);
  }
  return {
    path,
    remove: () => {
      fs.rmSync(path, { recursive: true, force: true });
      return Promise.resolve();
    },
  };
}

function referencesOf(document: ImageDocument): string[] {
  return document.images.flatMap(({ references }) => references);
}

function damaged(directory: string, what: string): AnyarchError {
  return new AnyarchError('ANYARCH_STATE_INVALID', `${directory}: ${what}`, {
    hint: `remove it; it is unpacked again when it is needed: anyarch image remove ${directory.slice(-64)}`,
  });
}
