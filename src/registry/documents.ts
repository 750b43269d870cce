import { createHash } from 'node:crypto';
import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { digestOfHex } from '../core/oci/digest.ts';
import { isIndexType, isManifestType } from '../core/oci/media-types.ts';
import { readBody } from './body.ts';
import { fetchManifest, maximumManifest } from './manifests.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/**
 * A manifest, an index, a configuration or another small document, verified.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH, ANYARCH_REGISTRY_…
 */
export async function fetchDocument(repository: Repository, descriptor: Descriptor): Promise<Buffer> {
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
