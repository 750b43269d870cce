import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { rm } from 'node:fs/promises';
import { blobPath, hexOfDigest, type Digest } from '../core/oci/digest.ts';
import { formatReference, type Reference } from '../core/oci/reference.ts';
import { tryLock, type Lock } from '../host/lock.ts';
import { openRemoteImage, pullImage } from '../registry/index.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { chooseImage } from './choose-image.ts';
import type { FoundImage, SourceHost, SourceOptions } from './found-image.ts';
import { prepareWorkPlace } from './work-directory.ts';

/** Milliseconds between two looks at another process's lock. */
const pauseMs = 100;

/**
 * Reads the documents of an image in a registry: a manifest or two and the configuration.
 *
 * @throws AnyarchError ANYARCH_REGISTRY_…, ANYARCH_PLATFORM_NOT_FOUND, ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH
 */
export async function findInRegistry(
  host: SourceHost,
  reference: Reference,
  options: SourceOptions,
): Promise<FoundImage> {
  const name = formatReference(reference);
  const { workDirectory, connection, signal, onProgress } = options;
  const { layers, ...image } = await readDocuments(host, reference, name, options);
  const directory = join(workDirectory, hexOfDigest(image.digest));
  let lock: Lock | undefined;
  return {
    reference: name,
    ...image,
    claim: async () => {
      await prepareWorkPlace(workDirectory);
      lock = await waitForLock(host, `${directory}.lock`, name, signal);
    },
    open: async () => {
      // By its digest: a tag may have come to mean something else in between.
      const exact = { ...reference, tag: undefined, digest: image.digest };
      await pullImage(host, exact, directory, { ...connection, signal, onProgress });
      const { diff_ids: diffIds } = image.config.rootfs;
      return {
        reference: name,
        ...image,
        layers: layers.map(({ digest, size }, position) => ({
          diffId: diffIdAt(diffIds, position),
          path: join(directory, blobPath(digest)),
          offset: 0,
          size,
        })),
      };
    },
    close: async (isDone) => {
      if (isDone && lock !== undefined) await rm(directory, { recursive: true, force: true });
      lock?.release();
    },
  };
}

async function readDocuments(
  host: SourceHost,
  reference: Reference,
  place: string,
  { connection, wanted, signal }: SourceOptions,
) {
  const remote = await openRemoteImage(host, reference, { ...connection, signal, referrers: false });
  try {
    const { index } = remote;
    return await chooseImage({ place, index, document: (one) => remote.document(one) }, undefined, wanted);
  } finally {
    await remote.close();
  }
}

function diffIdAt(diffIds: readonly Digest[], position: number): Digest {
  const diffId = diffIds[position];
  if (diffId === undefined) throw new Error('chooseImage has compared the numbers of layers');
  return diffId;
}

async function waitForLock(
  host: SourceHost,
  path: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Lock> {
  for (let isTold = false; ; isTold = true) {
    throwIfCancelled(signal);
    const attempt = tryLock(host, path);
    if ('release' in attempt) return attempt;
    if (!isTold) host.log.info(`another anyarch is pulling ${name}: waiting for it`);
    await setTimeout(pauseMs);
  }
}
