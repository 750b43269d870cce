import { setTimeout as sleep } from 'node:timers/promises';
import * as fs from 'node:fs';
import { AnyarchError } from '../core/error.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { tryLock } from '../host/lock.ts';
import type { Lock } from '../host/lock.ts';
import { syncDirectory } from '../host/node/durable-writing.ts';
import { hasSubordinateIds } from '../run/index.ts';
import { describe, readDocument, withImage, writeDocument } from './document.ts';
import type { ImageDocument } from './document.ts';
import { findTree, isComplete } from './find.ts';
import type { FoundImage } from './find.ts';
import type { OpenedImage } from './opened-image.ts';
import { imageDirectory, imageFiles } from './places.ts';
import { runWorker } from './run-worker.ts';
import type { StoredImage, TreeIds } from './stored-image.ts';
import { takeNameFromOthers } from './take-name.ts';
import { treeDigest } from './tree-digest.ts';
import { markUnsettled, settle } from './settle.ts';
import { limitsFrom } from './tree/limits.ts';
import type { UnpackOptions } from './unpack-options.ts';
import { makeWorkPlace, prepareImages, takeLeftovers } from './work-place.ts';
import { names } from './worker/protocol.ts';

/** Milliseconds between two looks at another process that unpacks the same. */
const pauseMs = 100;

/** See `unpackImage` in index.ts. */
export async function unpackImage(
  host: Host,
  state: string,
  image: OpenedImage,
  options: UnpackOptions,
): Promise<StoredImage> {
  const stored = await makeTreeThatStays(host, state, image, options);
  try {
    takeNameFromOthers(host, state, stored.root, image);
  } catch (error) {
    throw fileFailure(error, stored.root);
  }
  return stored;
}

/** Until somebody uses a tree, another command may remove it as soon as it is there. */
async function makeTreeThatStays(
  host: Host,
  state: string,
  image: OpenedImage,
  options: UnpackOptions,
): Promise<StoredImage> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const made = await makeTree(host, state, image, options);
    if (made !== undefined) return made;
  }
  throw new AnyarchError(
    'ANYARCH_IMAGE_NOT_STORED',
    `${image.reference} is removed whenever it was unpacked`,
    {
      hint: 'look for what calls "anyarch image prune --older-than 0" all the time',
    },
  );
}

const attempts = 3;

/** @returns undefined when it was removed meanwhile */
async function makeTree(
  host: Host,
  state: string,
  image: OpenedImage,
  options: UnpackOptions,
): Promise<StoredImage | undefined> {
  const known = findTree(host, state, image);
  // Nothing new: not even the lock.
  if (known !== undefined) {
    const { document } = known;
    if (withImage(document, image) === document) return describedAs(known, image);
  }
  const images = prepareImages(host, state);
  await removeLeftovers(host, state);
  const ids = known?.document.ids ?? idsOf(host);
  const digest = treeDigest(
    image.layers.map(({ diffId }) => diffId),
    ids,
  );
  const directory = imageDirectory(state, digest);
  const lock = await lockImage(host, `${images}/${directory.slice(-64)}.lock`, options.signal);
  try {
    const document = readDocument(host.files, directory);
    if (document === undefined || !isComplete(host, directory)) {
      if (host.files.linkStatus(directory) !== undefined)
        await makeWorkPlace(host, state, 'removing', directory).remove();
      await build(host, state, directory, { image, ids, digest, options });
    } else {
      const changed = withImage(document, image);
      if (changed !== document) writeDocument(host.files, directory, changed);
    }
    const made = readDocument(host.files, directory);
    return made && describedAs({ directory: host.files.resolve(directory), document: made }, image);
  } catch (error) {
    throw fileFailure(error, directory);
  } finally {
    lock.release();
  }
}

/** What cannot be cleared away keeps nothing from being unpacked. */
async function removeLeftovers(host: Host, state: string): Promise<void> {
  for (const place of takeLeftovers(host, state))
    await place.remove().catch((error: unknown) => {
      if (!(error instanceof AnyarchError)) throw error;
      host.log.warn(error.message);
    });
}

function idsOf(host: Host): TreeIds {
  if (host.system.uid === 0) return 'identity';
  return hasSubordinateIds(host) ? 'subordinate' : 'single';
}

async function lockImage(host: Host, path: string, signal: AbortSignal | undefined): Promise<Lock> {
  for (;;) {
    signal?.throwIfAborted();
    const attempt = tryLock(host, path);
    if ('release' in attempt) return attempt;
    await sleep(pauseMs);
  }
}

interface Build {
  readonly image: OpenedImage;
  readonly ids: TreeIds;
  readonly digest: StoredImage['digest'];
  readonly options: UnpackOptions;
}

/** Nothing is called by its digest before it is complete and on the disk. */
async function build(
  host: Host,
  state: string,
  directory: string,
  { image, ids, digest, options: { signal, onProgress } }: Build,
): Promise<void> {
  const { layers } = image;
  const totalBytes = layers.reduce((sum, { size }) => sum + size, 0);
  const place = makeWorkPlace(host, state, 'building');
  try {
    const unpacked = await runWorker(
      host,
      {
        task: 'unpack',
        layers: layers.map((layer) => ({ ...layer, path: host.files.resolve(layer.path) })),
        limits: limitsFrom(host.system.environment),
        isSingleId: ids === 'single',
      },
      {
        ids,
        place: place.path,
        scratch: `${state}/mount`,
        signal,
        onProgress: ({ layer, bytes }) => {
          onProgress?.({ layer, layers: layers.length, bytes, totalBytes });
        },
      },
    );
    const { sha256: listing, ...figures } = unpacked;
    const document: ImageDocument = {
      schema: 1,
      digest,
      ids,
      at: new Date(host.clock.now()).toISOString(),
      diffIds: layers.map(({ diffId }) => diffId),
      ...figures,
      listing,
      images: [],
    };
    fs.rmSync(`${place.path}/${names.request}`);
    fs.writeFileSync(`${place.path}/${imageFiles.use}`, '', { mode: 0o600 });
    markUnsettled(host, place.path);
    writeDocument(host.files, place.path, withImage(document, image));
    host.files.rename(place.path, directory);
    syncDirectory(directory.slice(0, directory.lastIndexOf('/')));
    place.release();
    settle(host, directory);
  } catch (error) {
    await place.remove();
    throw error;
  }
}

function describedAs({ directory, document }: FoundImage, image: OpenedImage): StoredImage {
  const described = document.images.find(({ digest }) => digest === image.digest);
  if (described === undefined) throw new Error(`${image.digest} is not in its own document`);
  return describe(directory, document, described);
}
