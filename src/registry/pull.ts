import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';
import { isIndex } from '../core/oci/manifest.ts';
import { formatReference, withDefaultTag, type Reference } from '../core/oci/reference.ts';
import type { OnProgress } from '../transfer/index.ts';
import { choosePlatform } from './choose-platform.ts';
import type { ConnectionOptions, RegistryHost } from './connection.ts';
import { forEach } from './each.ts';
import { findReferrers } from './find-referrers.ts';
import { addToIndex, checkPlace, prepareLayout, storeManifest, tidyUp } from './layout-writer.ts';
import { fetchManifest, type StoredManifest } from './manifests.ts';
import { pullBlob } from './pull-blob.ts';
import { openRepositoryOf } from './registry.ts';
import type { Repository } from './repository.ts';
import { countTransfer } from './transferred.ts';

export interface PullOptions extends ConnectionOptions {
  /** Of an index, only this platform's image. */
  readonly platform?: ImagePlatform | undefined;
  /** SBOMs, provenance and what else refers to the image, too. */
  readonly referrers?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What a pull has done. */
export interface Pulled {
  readonly reference: string;
  readonly digest: Digest;
  readonly mediaType: string;
  readonly blobs: { readonly downloaded: number; readonly present: number };
  readonly downloadedBytes: number;
  /** Manifests and indices, the referrers not among them. */
  readonly manifests: number;
  readonly referrers: number;
}

const parallelBlobs = 4;
/** An index may list indices. */
const maximumDepth = 4;
const maximumManifests = 2000;

/**
 * Pulls an image into an OCI layout, a new one or one that is there. Whatever the registry gives is compared with its
 * digest; the image is in the layout's index only when all of it is there, and nothing is made before its manifests are.
 *
 * @throws AnyarchError ANYARCH_REGISTRY_…, ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID, ANYARCH_DISK_FULL,
 *   ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_OUTPUT_EXISTS, ANYARCH_CANCELLED
 */
export async function pullImage(
  host: RegistryHost,
  given: Reference,
  directory: string,
  options: PullOptions,
): Promise<Pulled> {
  const reference = withDefaultTag(given);
  await checkPlace(directory);
  const failure = new AbortController();
  const signal =
    options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  const repository = await openRepositoryOf(host, reference, 'pull', { ...options, signal });
  let isDone = false;
  try {
    const named = await fetchManifest(repository, reference.digest ?? reference.tag ?? 'latest');
    const { platform } = options;
    const root = platform === undefined ? named : await choosePlatform(repository, named, platform);
    const manifests = new Map<Digest, StoredManifest>();
    await collect(repository, root, manifests);
    const own = [...manifests.keys()];
    const referrers =
      options.referrers === true
        ? await findReferrers(repository, host.log, own, (_, error) => {
            throw error;
          })
        : [];
    for (const referrer of referrers) await collect(repository, referrer, manifests);
    const all = [...manifests.values()];
    await prepareLayout(host, directory);
    const stop = () => {
      failure.abort();
    };
    const blobs = await pullBlobs(host, repository, directory, all, reference, options, stop);
    for (const manifest of all) storeManifest(host, directory, manifest);
    // A tag beside a digest may have come to mean another image.
    const tag = reference.digest === undefined ? reference.tag : undefined;
    addToIndex(host, directory, root.descriptor, tag, referrers);
    isDone = true;
    return {
      reference: formatReference(reference),
      digest: root.descriptor.digest,
      mediaType: root.descriptor.mediaType,
      ...blobs,
      manifests: own.length,
      referrers: referrers.length,
    };
  } finally {
    await repository.connection.close();
    await tidyUp(directory, isDone);
  }
}

/** Adds what a manifest lists, and then itself. @throws AnyarchError ANYARCH_IMAGE_INVALID */
async function collect(
  repository: Repository,
  manifest: StoredManifest,
  manifests: Map<Digest, StoredManifest>,
  depth = 0,
): Promise<void> {
  const { document, descriptor } = manifest;
  if (depth > maximumDepth || manifests.size >= maximumManifests)
    throw new AnyarchError('ANYARCH_IMAGE_INVALID', `${descriptor.digest} holds too many indices`, {
      hint: `anyarch reads up to ${maximumManifests} manifests, ${maximumDepth} levels deep`,
    });
  if (isIndex(document)) {
    for (const child of document.manifests)
      if (!manifests.has(child.digest))
        await collect(repository, await fetchManifest(repository, child.digest, child), manifests, depth + 1);
  }
  manifests.set(descriptor.digest, manifest);
}

async function pullBlobs(
  host: RegistryHost,
  repository: Repository,
  directory: string,
  manifests: readonly StoredManifest[],
  reference: Reference,
  { onProgress }: PullOptions,
  stop: () => void,
): Promise<Pick<Pulled, 'blobs' | 'downloadedBytes'>> {
  const blobs = new Map<Digest, Descriptor>();
  for (const { document } of manifests)
    if (!isIndex(document))
      for (const blob of [document.config, ...document.layers]) blobs.set(blob.digest, blob);
  const counted = countTransfer('download', formatReference(reference), [...blobs.values()], onProgress);
  const outcomes = { downloaded: 0, present: 0 };
  let downloadedBytes = 0;
  await forEach(
    [...blobs.values()],
    parallelBlobs,
    async (blob) => {
      const onReceived = (received: number) => {
        counted.report(blob.digest, received);
      };
      const outcome = await pullBlob(host, repository, directory, blob, onReceived);
      outcomes[outcome] += 1;
      if (outcome === 'downloaded') downloadedBytes += blob.size;
      onReceived(blob.size);
    },
    stop,
  );
  return { blobs: outcomes, downloadedBytes };
}
