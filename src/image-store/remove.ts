import * as fs from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { readDocument, withoutReference, writeDocument } from './document.ts';
import { imageDirectories } from './find.ts';
import { namedImages } from './list.ts';
import type { Named } from './list.ts';
import { imagesDirectory } from './places.ts';
import { treeSize } from './tree-size.ts';
import { claimImage, lastUsed } from './use.ts';
import { makeWorkPlace, takeLeftovers } from './work-place.ts';

export interface RemovedImage {
  /** `untagged`: only the name went, the tree has others. What killed commands left has no references. */
  readonly outcome: 'removed' | 'untagged' | 'in-use' | 'failed';
  readonly path: string;
  readonly references: readonly string[];
  /** Bytes of the tree's files. */
  readonly size: number;
  readonly error?: AnyarchError;
}

export interface RemoveOptions {
  readonly dryRun?: boolean;
}

/**
 * Removes images by reference or digest. A tree goes with its last name.
 *
 * @throws AnyarchError ANYARCH_IMAGE_NOT_STORED for a name that nothing has; then nothing is removed
 */
export async function removeImages(
  host: Host,
  state: string,
  names: readonly string[],
  { dryRun = false }: RemoveOptions = {},
): Promise<RemovedImage[]> {
  const named = names.flatMap((name) => namedImages(host, state, name));
  if (!dryRun) await removeLeftovers(host, state, false);
  const results: RemovedImage[] = [];
  for (const one of named) results.push(await removeNamed(host, state, one, dryRun));
  return results;
}

/**
 * Removes what nobody has used for a while, and what killed commands left.
 *
 * @param olderThanMs 0 for all that is not in use
 */
export async function pruneImages(
  host: Host,
  state: string,
  { olderThanMs, dryRun = false }: RemoveOptions & { readonly olderThanMs: number },
): Promise<RemovedImage[]> {
  const results = await removeLeftovers(host, state, dryRun);
  const limit = host.clock.now() - olderThanMs;
  // Also those that are damaged.
  const old = imageDirectories(host, state).filter((directory) => (lastUsed(host, directory) ?? 0) <= limit);
  for (const directory of old) results.push(await removeNamed(host, state, { directory }, dryRun));
  return results;
}

/** For the end of it all: every image, and whatever killed commands left. */
export async function removeStore(
  host: Host,
  state: string,
  { dryRun = false }: RemoveOptions = {},
): Promise<RemovedImage[]> {
  const images = imagesDirectory(state);
  if (host.files.linkStatus(images)?.kind !== 'directory') return [];
  const results = await removeLeftovers(host, state, dryRun);
  for (const directory of imageDirectories(host, state))
    results.push(await removeNamed(host, state, { directory }, dryRun));
  // Whose these are cannot be told later, when they are empty.
  if (!dryRun && results.length > 0) for (const path of [images, `${state}/mount`]) removeIfEmpty(path);
  return results;
}

async function removeLeftovers(host: Host, state: string, dryRun: boolean): Promise<RemovedImage[]> {
  const results: RemovedImage[] = [];
  for (const place of takeLeftovers(host, state)) {
    const facts = { path: place.path, references: [], size: treeSize(place.path) };
    const done = async (): Promise<'removed'> => {
      if (dryRun) place.release();
      else await place.remove();
      return 'removed';
    };
    results.push(await outcomeOf(done(), facts));
  }
  return results;
}

type Facts = Pick<RemovedImage, 'path' | 'references' | 'size'>;

async function outcomeOf(done: Promise<RemovedImage['outcome']>, facts: Facts): Promise<RemovedImage> {
  try {
    return { outcome: await done, ...facts };
  } catch (error) {
    const failure = fileFailure(error, facts.path);
    if (!(failure instanceof AnyarchError)) throw error;
    return { outcome: 'failed', ...facts, error: failure };
  }
}

function removeIfEmpty(path: string): void {
  try {
    fs.rmdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}

async function removeNamed(host: Host, state: string, named: Named, dryRun: boolean): Promise<RemovedImage> {
  const { directory, reference } = named;
  const { files } = host;
  // A damaged one has no references to show, and goes all the same.
  const document = ignoringDamage(() => readDocument(files, directory));
  const references = document?.images.flatMap((image) => image.references) ?? [];
  const facts = { path: directory, size: document?.size ?? treeSize(directory) };
  const others = references.filter((one) => one !== reference);
  if (reference !== undefined && document !== undefined && others.length > 0)
    return await outcomeOf(removeName(host, directory, reference, dryRun), {
      ...facts,
      references: [reference],
    });
  return await outcomeOf(removeTree(host, state, directory, dryRun), { ...facts, references });
}

async function removeName(
  host: Host,
  directory: string,
  reference: string,
  dryRun: boolean,
): Promise<'untagged'> {
  if (dryRun) return await Promise.resolve('untagged');
  withLock(host, `${directory}.lock`, () => {
    const now = readDocument(host.files, directory);
    if (now === undefined) return;
    const images = now.images
      .map((image) => withoutReference(image, reference))
      .filter((image) => image.references.length > 0);
    writeDocument(host.files, directory, { ...now, images });
  });
  return 'untagged';
}

async function removeTree(
  host: Host,
  state: string,
  directory: string,
  dryRun: boolean,
): Promise<'removed' | 'in-use'> {
  const release = claimImage(host, directory);
  if (release === undefined) return 'in-use';
  try {
    if (dryRun) return 'removed';
    // Another name first: nobody meets a tree that is half gone, and a killed command's rest is found by it.
    const place = makeWorkPlace(host, state, 'removing', directory);
    await place.remove();
    return 'removed';
  } finally {
    release();
  }
}

function ignoringDamage<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_STATE_INVALID') return undefined;
    throw error;
  }
}
