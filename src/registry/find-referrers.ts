import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import { isIndexType, isManifestType } from '../core/oci/media-types.ts';
import type { Log } from '../host/host.ts';
import { listReferrers, maximumReferrers, tooMany } from './list-referrers.ts';
import { findManifest, type StoredManifest } from './manifests.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/**
 * What refers to some manifests, and what refers to that in turn. Lists that clients keep go out of date: what is gone,
 * about something else, or of a kind that anyarch does not know is passed over with a warning.
 *
 * @param onUnusable is told of what cannot be read
 * @throws AnyarchError ANYARCH_IMAGE_INVALID where there is too much of it, ANYARCH_REGISTRY_…; what `onUnusable` throws
 */
export async function findReferrers(
  repository: Repository,
  log: Log,
  subjects: readonly Digest[],
  onUnusable: (listed: Descriptor, error: AnyarchError) => void,
): Promise<StoredManifest[]> {
  const found = new Map<Digest, StoredManifest>();
  const known = new Set(subjects);
  const waiting = [...known];
  let seen = 0;
  for (let subject = waiting.shift(); subject !== undefined; subject = waiting.shift()) {
    for (const listed of await listReferrers(repository, subject)) {
      if (known.has(listed.digest)) continue;
      seen += 1;
      if (seen > maximumReferrers) throw tooMany(contentName(repository, subject));
      try {
        const manifest = await readListed(repository, subject, listed);
        if (typeof manifest === 'string') {
          const name = contentName(repository, listed.digest);
          log.warn(`${name} is listed among what refers to ${subject}, but ${manifest}`);
          continue;
        }
        known.add(listed.digest);
        found.set(listed.digest, manifest);
        waiting.push(listed.digest);
      } catch (error) {
        if (!isContentError(error)) throw error;
        onUnusable(listed, error);
      }
    }
  }
  return [...found.values()];
}

/** @returns why not, for what is passed over */
async function readListed(
  repository: Repository,
  subject: Digest,
  listed: Descriptor,
): Promise<StoredManifest | string> {
  const { mediaType, digest } = listed;
  if (!isIndexType(mediaType) && !isManifestType(mediaType))
    return `its media type is ${mediaType.slice(0, 100)}`;
  const manifest = await findManifest(repository, digest, listed);
  if (manifest === undefined) return 'it is gone';
  const about = manifest.document.subject?.digest;
  return about === subject ? manifest : `it is about ${about ?? 'nothing'}`;
}

function isContentError(error: unknown): error is AnyarchError {
  return (
    error instanceof AnyarchError &&
    (error.code === 'ANYARCH_IMAGE_INVALID' || error.code === 'ANYARCH_DIGEST_MISMATCH')
  );
}
