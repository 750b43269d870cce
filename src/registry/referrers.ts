import { createHash } from 'node:crypto';
import { formatCanonicalJson, type Json } from '../core/oci/canonical-json.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { digestOfHex, type Digest } from '../core/oci/digest.ts';
import { isIndex, parseIndex, type Index } from '../core/oci/manifest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { drain, readBody } from './body.ts';
import { findManifest, maximumManifest, putManifest, type StoredManifest } from './manifests.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/**
 * Stores a manifest that is about another one, so that it is found from there: by the registry itself or, where it does
 * not know of that, in the index that clients keep under the tag `sha256-…` (distribution-spec 1.1, "Pushing manifests
 * with subject").
 */
export async function putReferrer(repository: Repository, manifest: StoredManifest): Promise<void> {
  const { knowsSubject } = await putManifest(repository, manifest.descriptor.digest, manifest);
  const { subject } = manifest.document;
  if (knowsSubject || subject === undefined) return;
  const tag = fallbackTag(subject.digest);
  const present = await findManifest(repository, tag);
  const listed = present !== undefined && isIndex(present.document) ? present.document.manifests : [];
  if (listed.some(({ digest }) => digest === manifest.descriptor.digest)) return;
  await putManifest(repository, tag, storedIndex([...listed, referrerDescriptor(manifest)]));
}

/** What a registry lists about a manifest; nothing is an empty list. */
export async function listReferrers(repository: Repository, subject: Digest): Promise<readonly Descriptor[]> {
  const name = contentName(repository, subject);
  const answered = await repository.connection.retrying(async () => {
    const response = await repository.send({ method: 'GET', to: `referrers/${subject}` });
    if (response.status === 404 || response.status === 400 || response.status === 405) {
      await drain(response);
      return undefined;
    }
    if (response.status !== 200) throw await repository.refused(response, `listing what refers to ${name}`);
    const content = await readBody(response, maximumManifest);
    return parseIndex(content?.toString() ?? '', `the referrers of ${name}`);
  });
  if (answered !== undefined) return answered.manifests;
  const kept = await findManifest(repository, fallbackTag(subject));
  return kept !== undefined && isIndex(kept.document) ? kept.document.manifests : [];
}

function fallbackTag(digest: Digest): string {
  return digest.replace(':', '-');
}

/** As a registry would list it. */
function referrerDescriptor({ descriptor, document }: StoredManifest): Descriptor {
  const { annotations } = document;
  const artifactType = document.artifactType ?? (isIndex(document) ? undefined : document.config.mediaType);
  return {
    mediaType: descriptor.mediaType,
    digest: descriptor.digest,
    size: descriptor.size,
    ...(annotations === undefined ? {} : { annotations }),
    ...(artifactType === undefined ? {} : { artifactType }),
  };
}

function storedIndex(manifests: readonly Descriptor[]): StoredManifest {
  const document: Index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  const content = Buffer.from(formatCanonicalJson(document as unknown as Json));
  const digest = digestOfHex(createHash('sha256').update(content).digest('hex'));
  return { descriptor: { mediaType: document.mediaType, digest, size: content.length }, content, document };
}
