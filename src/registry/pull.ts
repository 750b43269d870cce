import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import { formatImagePlatform, type ImagePlatform } from '../core/oci/image-platform.ts';
import { isIndex } from '../core/oci/manifest.ts';
import { formatReference, withDefaultTag, type Reference } from '../core/oci/reference.ts';
import type { OnProgress } from '../transfer/index.ts';
import type { ConnectionOptions, RegistryHost } from './connection.ts';
import { forEach } from './each.ts';
import { addToIndex, prepareLayout, storeManifest, tidyUp } from './layout-writer.ts';
import { fetchManifest, type StoredManifest } from './manifests.ts';
import { pullBlob } from './pull-blob.ts';
import { listReferrers } from './referrers.ts';
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
 * digest; the image is in the layout's index only when all of it is there.
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
  await prepareLayout(host, directory);
  const failure = new AbortController();
  const signal =
    options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  const repository = await openRepositoryOf(host, reference, 'pull', { ...options, signal });
  try {
    const { root, manifests } = await fetchTree(repository, reference, options.platform);
    const referrers = options.referrers === true ? await fetchReferrers(repository, manifests) : [];
    const all = [...manifests, ...referrers];
    const stop = () => {
      failure.abort();
    };
    const blobs = await pullBlobs(host, repository, directory, all, reference, options, stop);
    for (const manifest of all) storeManifest(host, directory, manifest);
    addToIndex(host, directory, root.descriptor, reference.tag, referrers);
    return {
      reference: formatReference(reference),
      digest: root.descriptor.digest,
      mediaType: root.descriptor.mediaType,
      ...blobs,
      manifests: manifests.length,
      referrers: referrers.length,
    };
  } finally {
    await repository.connection.close();
    await tidyUp(directory);
  }
}

/** The image that a reference names, without its layers. */
async function fetchTree(
  repository: Repository,
  { digest, tag }: Reference,
  platform: ImagePlatform | undefined,
): Promise<{ readonly root: StoredManifest; readonly manifests: readonly StoredManifest[] }> {
  const named = await fetchManifest(repository, digest ?? tag ?? 'latest');
  const root = await ofPlatform(repository, named, platform);
  const manifests = new Map<Digest, StoredManifest>();
  const visit = async (manifest: StoredManifest, depth: number): Promise<void> => {
    const { document, descriptor } = manifest;
    if (depth > maximumDepth || manifests.size >= maximumManifests)
      throw new AnyarchError('ANYARCH_IMAGE_INVALID', `${descriptor.digest} holds too many indices`, {
        hint: `anyarch reads up to ${maximumManifests} manifests, ${maximumDepth} levels deep`,
      });
    if (isIndex(document)) {
      for (const child of document.manifests)
        if (!manifests.has(child.digest))
          await visit(await fetchManifest(repository, child.digest, child), depth + 1);
    }
    manifests.set(descriptor.digest, manifest);
  };
  await visit(root, 0);
  return { root, manifests: [...manifests.values()] };
}

async function ofPlatform(
  repository: Repository,
  named: StoredManifest,
  platform: ImagePlatform | undefined,
): Promise<StoredManifest> {
  const { document, descriptor } = named;
  if (platform === undefined || !isIndex(document)) return named;
  const wanted = formatImagePlatform(platform);
  const child = document.manifests.find(
    (one) => one.platform !== undefined && isSame(one.platform, platform),
  );
  if (child !== undefined) return await fetchManifest(repository, child.digest, child);
  throw new AnyarchError('ANYARCH_REGISTRY_NOT_FOUND', `${descriptor.digest} has no image for ${wanted}`, {
    hint: `it has ${document.manifests.flatMap((one) => (one.platform === undefined ? [] : [formatImagePlatform(one.platform)])).join(', ')}`,
    details: { platform: wanted },
  });
}

/** Indices name the variant that an architecture has anyway, or leave it out. */
function isSame(a: ImagePlatform, b: ImagePlatform): boolean {
  const usual: Readonly<Record<string, string>> = { arm64: 'v8', amd64: 'v1', arm: 'v7' };
  const variant = (one: ImagePlatform) => one.variant ?? usual[one.architecture];
  return a.os === b.os && a.architecture === b.architecture && variant(a) === variant(b);
}

async function fetchReferrers(
  repository: Repository,
  manifests: readonly StoredManifest[],
): Promise<StoredManifest[]> {
  const found = new Map<Digest, StoredManifest>();
  for (const { descriptor } of manifests)
    for (const listed of await listReferrers(repository, descriptor.digest))
      if (!found.has(listed.digest))
        found.set(listed.digest, await fetchManifest(repository, listed.digest, listed));
  return [...found.values()];
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
