import { createHash } from 'node:crypto';
import { AnyarchError } from '../core/error.ts';
import { annotationKeys } from '../core/oci/annotations.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { digestOfHex, type Digest } from '../core/oci/digest.ts';
import { isIndex, type Index } from '../core/oci/manifest.ts';
import { isIndexType, isManifestType, mediaTypes } from '../core/oci/media-types.ts';
import { withDefaultTag, type Reference } from '../core/oci/reference.ts';
import { readBody } from './body.ts';
import type { ConnectionOptions, RegistryHost } from './connection.ts';
import { fetchManifest, maximumManifest } from './manifests.ts';
import { listReferrers } from './referrers.ts';
import { contentName, openRepositoryOf } from './registry.ts';
import type { Repository } from './repository.ts';

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

/** @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH, ANYARCH_REGISTRY_…, ANYARCH_CANCELLED */
export async function openRemoteImage(
  host: RegistryHost,
  given: Reference,
  options: ConnectionOptions,
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
    const referrers = [];
    for (const { digest } of [root.descriptor, ...children])
      referrers.push(...(await listReferrers(repository, digest)));
    const named =
      reference.tag === undefined ? {} : { annotations: { [annotationKeys.refName]: reference.tag } };
    return {
      index: {
        schemaVersion: 2,
        mediaType: mediaTypes.index,
        manifests: [{ ...root.descriptor, ...named }, ...referrers],
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

async function fetchDocument(repository: Repository, descriptor: Descriptor): Promise<Buffer> {
  const { digest, mediaType } = descriptor;
  if (isIndexType(mediaType) || isManifestType(mediaType))
    return Buffer.from((await fetchManifest(repository, digest, descriptor)).content);
  const name = contentName(repository, digest);
  return await repository.connection.retrying(async () => {
    const response = await repository.send({ method: 'GET', to: `blobs/${digest}` });
    if (response.status !== 200) throw await repository.refused(response, `reading ${name}`);
    const content = await readBody(response, maximumManifest);
    if (content === undefined)
      throw new AnyarchError('ANYARCH_IMAGE_INVALID', `${name} has more than ${maximumManifest} bytes`, {
        hint: 'this is too much for a document',
      });
    const actual = digestOfHex(createHash('sha256').update(content).digest('hex'));
    if (actual === digest) return content;
    throw new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${name} has the content of ${actual}`, {
      hint: 'the registry, or a cache before it, is broken or hostile',
    });
  });
}
