import { join } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { blobPath, type Digest } from '../core/oci/digest.ts';
import { formatReference, parseReference, type Reference } from '../core/oci/reference.ts';
import type { OnProgress } from '../transfer/index.ts';
import type { ConnectionOptions, RegistryHost } from './connection.ts';
import { forEach } from './each.ts';
import { openLayout, readImage, readReferrers, type Layout, type LayoutImage } from './layout.ts';
import { putManifest } from './manifests.ts';
import { pushBlob, type BlobOutcome } from './push-blob.ts';
import { planPush, type PlannedPush, type PushSelection } from './push-plan.ts';
import { putReferrer } from './put-referrer.ts';
import { openRepositoryOf } from './registry.ts';
import type { Repository } from './repository.ts';
import { countTransfer } from './transferred.ts';

export interface PushOptions extends ConnectionOptions, PushSelection {
  /** Repositories of the same registry that may lend blobs. */
  readonly mountFrom?: readonly string[] | undefined;
  /** Larger blobs are sent in chunks of so many bytes. Default 8 MiB. */
  readonly chunkBytes?: number | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What a push has done. */
export interface Pushed {
  readonly reference: string;
  readonly outcome: 'pushed';
  readonly digest: Digest;
  readonly blobs: Readonly<Record<BlobOutcome, number>>;
  /** Bytes of the uploaded blobs. */
  readonly uploadedBytes: number;
  /** Manifests and indices, the referrers not among them. */
  readonly manifests: number;
  /** SBOMs, provenance. */
  readonly referrers: number;
}

export type PushResult =
  Pushed | { readonly reference: string; readonly outcome: 'failed'; readonly error: AnyarchError };

const parallelBlobs = 4;
const defaultChunk = 8 << 20;

/**
 * Pushes images of an OCI layout: blobs, then what refers to them, the tag last, so that nothing half-pushed stands under
 * a tag. Each reference has its own result.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_IMAGE_INVALID when the layout cannot be used, ANYARCH_CANCELLED
 */
export async function pushImages(
  host: RegistryHost,
  directory: string,
  references: readonly Reference[],
  options: PushOptions,
): Promise<PushResult[]> {
  const layout = openLayout(directory);
  const planned = planPush(layout, references, options, host.log);
  const results: PushResult[] = [];
  const pushed: Reference[] = [];
  for (const plan of planned) {
    try {
      results.push(await pushOne(host, layout, plan, pushed, options));
      pushed.push(plan.reference);
    } catch (error) {
      if (!(error instanceof AnyarchError) || error.code === 'ANYARCH_CANCELLED') throw error;
      results.push({ reference: formatReference(plan.reference), outcome: 'failed', error });
    }
  }
  return results;
}

async function pushOne(
  host: RegistryHost,
  layout: Layout,
  { reference, root }: PlannedPush,
  pushed: readonly Reference[],
  options: PushOptions,
): Promise<Pushed> {
  const image = readImage(layout, root);
  const referrers = readReferrers(
    layout,
    image.manifests.map(({ descriptor }) => descriptor.digest),
  );
  const failure = new AbortController();
  const signal =
    options.signal === undefined ? failure.signal : AbortSignal.any([options.signal, failure.signal]);
  const repository = await openRepositoryOf(host, reference, 'pull,push', { ...options, signal });
  try {
    const mountFrom = lenders(reference, pushed, options.mountFrom ?? []);
    const blobs = await pushBlobs(repository, layout, [image, ...referrers], {
      ...options,
      mountFrom,
      subject: formatReference(reference),
      stop: () => {
        failure.abort();
      },
    });
    for (const manifest of image.manifests)
      await putManifest(repository, manifest.descriptor.digest, manifest);
    for (const referrer of referrers)
      for (const manifest of referrer.manifests) await putReferrer(repository, manifest);
    const top = image.manifests.at(-1);
    if (top !== undefined && reference.tag !== undefined) await putManifest(repository, reference.tag, top);
    return {
      reference: formatReference(reference),
      outcome: 'pushed',
      digest: root.digest,
      ...blobs,
      manifests: image.manifests.length,
      referrers: referrers.length,
    };
  } finally {
    await repository.connection.close();
  }
}

interface PushBlobsOptions extends PushOptions {
  readonly mountFrom: readonly string[];
  readonly subject: string;
  /** Ends what others still send. */
  readonly stop: () => void;
}

async function pushBlobs(
  repository: Repository,
  layout: Layout,
  images: readonly LayoutImage[],
  { mountFrom, subject, stop, chunkBytes = defaultChunk, onProgress }: PushBlobsOptions,
): Promise<Pick<Pushed, 'blobs' | 'uploadedBytes'>> {
  const blobs = new Map(images.flatMap((image) => image.blobs.map((blob) => [blob.digest, blob] as const)));
  const counted = countTransfer('upload', subject, [...blobs.values()], onProgress);
  const outcomes = { present: 0, mounted: 0, uploaded: 0 };
  let uploadedBytes = 0;
  await forEach(
    [...blobs.values()],
    parallelBlobs,
    async (descriptor) => {
      const blob = { descriptor, path: join(layout.directory, blobPath(descriptor.digest)) };
      const onSent = (sent: number) => {
        counted.report(descriptor.digest, sent);
      };
      const outcome = await pushBlob(repository, blob, { mountFrom, chunkBytes, onSent });
      outcomes[outcome] += 1;
      if (outcome === 'uploaded') uploadedBytes += descriptor.size;
      onSent(descriptor.size);
    },
    stop,
  );
  return { blobs: outcomes, uploadedBytes };
}

/** Repositories of the same registry, those that were named first. @throws AnyarchError ANYARCH_REFERENCE_INVALID */
function lenders(reference: Reference, pushed: readonly Reference[], named: readonly string[]): string[] {
  const { registry, repository } = reference;
  const given = named.map((name) => {
    const path = name.startsWith(`${registry}/`) ? name.slice(registry.length + 1) : name;
    return parseReference(`${registry}/${path}`).repository;
  });
  const own = pushed.filter((one) => one.registry === registry).map((one) => one.repository);
  return [...new Set([...given, ...own])].filter((name) => name !== repository);
}
