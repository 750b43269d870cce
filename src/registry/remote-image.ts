import { annotationKeys } from '../core/oci/annotations.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import { isIndex, type Index } from '../core/oci/manifest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { withDefaultTag, type Reference } from '../core/oci/reference.ts';
import type { ConnectionOptions, RegistryHost } from './connection.ts';
import { fetchDocument } from './documents.ts';
import { findReferrers } from './find-referrers.ts';
import { fetchManifest, type StoredManifest } from './manifests.ts';
import { openRepositoryOf } from './registry.ts';

/** An image in a registry, to be looked at without its layers. */
export interface RemoteImage {
  /** What an image layout would have as its index: the image, and what refers to it. */
  readonly index: Index;
  /**
   * A manifest, an index, a configuration or another small document, verified.
   *
   * @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH, ANYARCH_REGISTRY_…
   */
  document(descriptor: Descriptor): Promise<string>;
  /** What has been read so far and compared with its digest. */
  verified(): { readonly count: number; readonly size: number };
  close(): Promise<void>;
}

export interface RemoteImageOptions extends ConnectionOptions {
  /** Ask for what refers to the image, too: a request for each of its manifests. Default true. */
  readonly referrers?: boolean | undefined;
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH, ANYARCH_REGISTRY_…, ANYARCH_CANCELLED */
export async function openRemoteImage(
  host: RegistryHost,
  given: Reference,
  options: RemoteImageOptions,
): Promise<RemoteImage> {
  const reference = withDefaultTag(given);
  const repository = await openRepositoryOf(host, reference, 'pull', options);
  const documents = new Map<Digest, Buffer>();
  const read = async (descriptor: Descriptor): Promise<string> => {
    const known = documents.get(descriptor.digest);
    const content = known ?? (await fetchDocument(repository, descriptor));
    documents.set(descriptor.digest, content);
    return content.toString();
  };
  try {
    const root = await fetchManifest(repository, reference.digest ?? reference.tag ?? 'latest');
    documents.set(root.descriptor.digest, Buffer.from(root.content));
    const children = isIndex(root.document) ? root.document.manifests : [];
    // Reading it again tells what is wrong with it.
    const unusable: Descriptor[] = [];
    const subjects = options.referrers === false ? [] : [root.descriptor, ...children];
    const referrers = await findReferrers(
      repository,
      host.log,
      subjects.map(({ digest }) => digest),
      (listed) => unusable.push(listed),
    );
    for (const { descriptor, content } of referrers) documents.set(descriptor.digest, Buffer.from(content));
    // A tag beside a digest may have come to mean another image.
    const tag = reference.digest === undefined ? reference.tag : undefined;
    const named = tag === undefined ? {} : { annotations: { [annotationKeys.refName]: tag } };
    return {
      index: {
        schemaVersion: 2,
        mediaType: mediaTypes.index,
        manifests: [
          { ...root.descriptor, ...named },
          ...referrers.map(entryOf),
          ...unusable.map(withoutNotes),
        ],
      },
      document: read,
      verified: () => ({
        count: documents.size,
        size: [...documents.values()].reduce((sum, { length }) => sum + length, 0),
      }),
      close: () => repository.connection.close(),
    };
  } catch (error) {
    await repository.connection.close();
    throw error;
  }
}

function entryOf({ descriptor, document: { artifactType } }: StoredManifest): Descriptor {
  return { ...descriptor, ...(artifactType === undefined ? {} : { artifactType }) };
}

/** Annotations name images. */
function withoutNotes({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType, digest, size };
}
