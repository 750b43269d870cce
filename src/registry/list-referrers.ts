import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import { isIndex, parseIndex } from '../core/oci/manifest.ts';
import { drain, readBody } from './body.ts';
import { headerValue } from './challenge.ts';
import { nextPage } from './link.ts';
import { findManifest, maximumManifest } from './manifests.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/** Whoever may push to a repository may make as many as they like. */
export const maximumReferrers = 1000;
const maximumPages = 100;

/** The tag of the index that clients keep where a registry does not list referrers (distribution-spec 1.1). */
export function fallbackTag(subject: Digest): string {
  return subject.replace(':', '-');
}

/**
 * What a registry, or else the index that clients keep, lists about a manifest. Nothing is an empty list.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID where there is no end of it
 */
export async function listReferrers(repository: Repository, subject: Digest): Promise<readonly Descriptor[]> {
  const name = contentName(repository, subject);
  const listed: Descriptor[] = [];
  let to: string | undefined = `referrers/${subject}`;
  for (let pages = 1; to !== undefined; pages += 1) {
    const page: Page | undefined = await fetchPage(repository, to, name);
    if (page === undefined) return await keptReferrers(repository, subject);
    listed.push(...page.manifests);
    if (listed.length > maximumReferrers || pages > maximumPages) throw tooMany(name);
    to = page.next;
  }
  return listed;
}

export function tooMany(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', `too much refers to ${name}`, {
    hint: `anyarch reads up to ${maximumReferrers} referrers; those who can delete manifests there may clean up`,
    details: { image: name, limit: maximumReferrers },
  });
}

interface Page {
  readonly manifests: readonly Descriptor[];
  /** Where the next one is. */
  readonly next: string | undefined;
}

/** Undefined where the registry does not list them. */
async function fetchPage(repository: Repository, to: string, name: string): Promise<Page | undefined> {
  return await repository.connection.retrying(async () => {
    const response = await repository.send({ method: 'GET', to });
    if (response.status === 404 || response.status === 400 || response.status === 405) {
      await drain(response);
      return undefined;
    }
    if (response.status !== 200) throw await repository.refused(response, `listing what refers to ${name}`);
    const link = nextPage(headerValue(response.headers['link']));
    const next = link === undefined ? undefined : await repository.address(link, response, to);
    const content = await readBody(response, maximumManifest);
    if (content === undefined) throw tooMany(name);
    return { manifests: parseIndex(content.toString(), `the referrers of ${name}`).manifests, next };
  });
}

async function keptReferrers(repository: Repository, subject: Digest): Promise<readonly Descriptor[]> {
  const kept = await findManifest(repository, fallbackTag(subject));
  return kept !== undefined && isIndex(kept.document) ? kept.document.manifests : [];
}
