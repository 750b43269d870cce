import { createHash } from 'node:crypto';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { digestOfHex, isDigest, type Digest } from '../core/oci/digest.ts';
import { isIndex, parseManifestOrIndex, type Index, type Manifest } from '../core/oci/manifest.ts';
import { isIndexType, isManifestType, mediaTypes } from '../core/oci/media-types.ts';
import { AnyarchError } from '../core/error.ts';
import { quote } from '../core/text.ts';
import type { HttpResponse } from '../transfer/index.ts';
import { drain, readBody } from './body.ts';
import { headerValue } from './challenge.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/** A manifest or an index, as its bytes and as what they say. */
export interface StoredManifest {
  readonly descriptor: Descriptor;
  readonly content: Uint8Array;
  readonly document: Manifest | Index;
}

/** Bytes; what distribution-spec 1.1 asks registries to take at least. */
export const maximumManifest = 4 * 1024 * 1024;

const accepted = [
  mediaTypes.index,
  mediaTypes.manifest,
  mediaTypes.dockerIndex,
  mediaTypes.dockerManifest,
].join(', ');

/**
 * Fetches a manifest or an index by its tag or digest.
 *
 * @param expected the descriptor of it in another document
 * @returns undefined where there is none
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID, ANYARCH_REGISTRY_…
 */
export async function findManifest(
  repository: Repository,
  which: string,
  expected?: Descriptor,
): Promise<StoredManifest | undefined> {
  const name = contentName(repository, which);
  return await repository.connection.retrying(async () => {
    const response = await repository.send({
      method: 'GET',
      to: `manifests/${which}`,
      headers: { accept: accepted },
    });
    if (response.status === 404) {
      await drain(response);
      return undefined;
    }
    if (response.status !== 200) throw await repository.refused(response, `pulling ${name}`);
    const content = await readBody(response, maximumManifest);
    if (content === undefined) throw unusable(name, `its manifest has more than ${maximumManifest} bytes`);
    const digest = digestOfHex(createHash('sha256').update(content).digest('hex'));
    const promised = isDigest(which) ? which : headerValue(response.headers['docker-content-digest']);
    // Another algorithm than ours promises nothing that could be compared.
    if (isDigest(promised) && promised !== digest) throw mismatch(name, promised, digest);
    if (expected !== undefined && expected.size !== content.length)
      throw unusable(name, `it has ${content.length} bytes instead of ${expected.size}`);
    const mediaType = (headerValue(response.headers['content-type']) ?? '').split(';')[0]?.trim() ?? '';
    const document = readDocument(name, mediaType, content.toString());
    return { descriptor: { mediaType: document.mediaType, digest, size: content.length }, content, document };
  });
}

/** As `findManifest`, but it must be there. @throws AnyarchError ANYARCH_REGISTRY_NOT_FOUND */
export async function fetchManifest(
  repository: Repository,
  which: string,
  expected?: Descriptor,
): Promise<StoredManifest> {
  const found = await findManifest(repository, which, expected);
  if (found !== undefined) return found;
  const name = contentName(repository, which);
  const response: HttpResponse = { status: 404, headers: {}, body: nothing(), discard: () => undefined };
  throw await repository.refused(response, `pulling ${name}`);
}

/**
 * Stores a manifest under its digest or a tag.
 *
 * @returns whether the registry says that it lists this manifest among the referrers of its subject
 */
export async function putManifest(
  repository: Repository,
  which: string,
  { descriptor, content }: Pick<StoredManifest, 'content' | 'descriptor'>,
): Promise<{ readonly knowsSubject: boolean }> {
  return await repository.connection.retrying(async () => {
    const response = await repository.send({
      method: 'PUT',
      to: `manifests/${which}`,
      headers: { 'content-type': descriptor.mediaType },
      body: () => content,
    });
    if (response.status !== 201 && response.status !== 202 && response.status !== 200)
      throw await repository.refused(response, `pushing ${contentName(repository, which)}`);
    await drain(response);
    const stored = headerValue(response.headers['docker-content-digest']);
    if (isDigest(stored) && stored !== descriptor.digest)
      throw mismatch(contentName(repository, which), descriptor.digest, stored);
    return { knowsSubject: response.headers['oci-subject'] !== undefined };
  });
}

/** @param mediaType of the answer */
function readDocument(name: string, mediaType: string, text: string): Manifest | Index {
  const isKnown = isIndexType(mediaType) || isManifestType(mediaType);
  const saysNothing = ['', 'application/json', 'text/plain', 'application/octet-stream'].includes(mediaType);
  if (!isKnown && !saysNothing) throw unusable(name, `its media type is ${quote(mediaType, 100)}`);
  const document = parseManifestOrIndex(text, name);
  // Two readers could take it for two things (CVE-2021-41190).
  if (isKnown && isIndexType(mediaType) !== isIndex(document))
    throw unusable(name, `it is not the ${quote(mediaType, 100)} that the registry says`);
  return isKnown ? { ...document, mediaType } : document;
}

function unusable(name: string, what: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', `${name} cannot be used: ${what}`, {
    hint: 'anyarch reads manifests and indices of OCI and of Docker (schema 2), up to 4 MiB',
    details: { image: name },
  });
}

function mismatch(name: string, expected: Digest, actual: Digest): AnyarchError {
  return new AnyarchError(
    'ANYARCH_DIGEST_MISMATCH',
    `${name} has the digest ${actual} instead of ${expected}`,
    {
      hint: 'the registry, or a cache before it, is broken or hostile: nothing of it was kept',
      details: { image: name, expected, actual },
    },
  );
}

async function* nothing(): AsyncGenerator<Uint8Array> {
  // What an answer without a body has.
}
