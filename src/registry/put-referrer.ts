import { createHash } from 'node:crypto';
import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { digestOfHex } from '../core/oci/digest.ts';
import { isIndex } from '../core/oci/manifest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { fallbackTag } from './list-referrers.ts';
import { findManifest, putManifest, type StoredManifest } from './manifests.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/**
 * Stores a manifest that is about another one, so that it is found from there: by the registry itself or, where it does
 * not know of that, in the index that clients keep under the tag `sha256-…` (distribution-spec 1.1, "Pushing manifests
 * with subject").
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID where something else has that tag, ANYARCH_REGISTRY_…
 */
export async function putReferrer(repository: Repository, manifest: StoredManifest): Promise<void> {
  const { knowsSubject } = await putManifest(repository, manifest.descriptor.digest, manifest);
  const { subject } = manifest.document;
  if (knowsSubject || subject === undefined) return;
  const tag = fallbackTag(subject.digest);
  const present = await findManifest(repository, tag);
  if (present === undefined) {
    const empty = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] };
    await putManifest(repository, tag, extended(empty, mediaTypes.index, manifest));
    return;
  }
  const { document, descriptor, content } = present;
  if (!isIndex(document)) throw notOurs(contentName(repository, tag));
  if (document.manifests.some(({ digest }) => digest === manifest.descriptor.digest)) return;
  const raw = JSON.parse(Buffer.from(content).toString()) as RawIndex;
  await putManifest(repository, tag, extended(raw, descriptor.mediaType, manifest));
}

/** An index as it was written: others keep in it what anyarch does not know. */
interface RawIndex {
  readonly manifests?: readonly unknown[] | null;
}

function extended(
  index: RawIndex,
  mediaType: string,
  manifest: StoredManifest,
): Pick<StoredManifest, 'content' | 'descriptor'> {
  const manifests = [...(index.manifests ?? []), referrerDescriptor(manifest)];
  const content = Buffer.from(JSON.stringify({ ...index, manifests }));
  const digest = digestOfHex(createHash('sha256').update(content).digest('hex'));
  return { descriptor: { mediaType, digest, size: content.length }, content };
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

function notOurs(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', `${name} is an image, and is left as it is`, {
    hint: 'the index of what refers to an image belongs under that tag: remove it, or push to another repository',
    details: { image: name },
  });
}
