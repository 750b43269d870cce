import type { Digest } from '../core/oci/digest.ts';
import { formatImagePlatform } from '../core/oci/image-platform.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { findImages } from './find.ts';
import type { FoundImage } from './find.ts';
import type { TreeIds } from './stored-image.ts';
import { lastUsed } from './use.ts';

/** One image; several share a tree when they have the same layers. */
export interface ListedImage {
  /** The newest last. */
  readonly references: readonly string[];
  /** Of the image's manifest. */
  readonly image: Digest;
  /** Of the tree. */
  readonly digest: Digest;
  readonly platform: string;
  readonly ids: TreeIds;
  /** Bytes of the tree's files. */
  readonly size: number;
  readonly entries: number;
  readonly unpackedAt: string;
  /** RFC 3339. */
  readonly lastUsedAt: string;
  readonly path: string;
}

export function listImages(host: Host, state: string): ListedImage[] {
  const found = findImages(host, state, (_directory, error) => {
    host.log.warn(error instanceof Error ? error.message : String(error));
  });
  return found.flatMap((one) => listed(host, one));
}

function listed(host: Host, { directory, document }: FoundImage): ListedImage[] {
  const { digest, ids, size, entries, at } = document;
  const used = lastUsed(host, directory);
  return document.images.map((image) => ({
    references: image.references,
    image: image.digest,
    digest,
    platform: formatImagePlatform(image.platform),
    ids,
    size,
    entries,
    unpackedAt: at,
    lastUsedAt: used === undefined ? at : new Date(used).toISOString(),
    path: directory,
  }));
}

/** What a name means in the store. */
export interface Named {
  readonly directory: string;
  /** Of all images of the tree, or of one. */
  readonly reference?: string;
}

/** Shorter beginnings of digests are rather names. */
const shortestDigest = 6;

/**
 * The trees that a reference, or the beginning of a digest (of the image or of its tree), names.
 *
 * @throws AnyarchError ANYARCH_IMAGE_NOT_STORED, ANYARCH_USAGE for the beginning of several digests
 */
export function namedImages(host: Host, state: string, name: string): Named[] {
  const all = findDirectories(host, state);
  const called = all.filter(
    ({ document }) => document?.images.some(({ references }) => references.includes(name)) === true,
  );
  if (called.length > 0) return called.map(({ directory }) => ({ directory, reference: name }));
  const named = namedByDigest(all, name);
  if (named.length > 0) return named;
  throw new AnyarchError(
    'ANYARCH_IMAGE_NOT_STORED',
    `no image in the store is called ${JSON.stringify(name)}`,
    {
      hint: 'anyarch image list',
    },
  );
}

/** @throws AnyarchError ANYARCH_USAGE where it is the beginning of several */
function namedByDigest(all: ReturnType<typeof findDirectories>, name: string): Named[] {
  const wanted = name.startsWith('sha256:') ? name : `sha256:${name}`;
  if (wanted.length < 'sha256:'.length + shortestDigest) return [];
  const found = all.flatMap(({ directory, document }) => {
    const digests = [
      `sha256:${directory.slice(directory.lastIndexOf('/') + 1)}`,
      ...(document?.images ?? []).map(({ digest }) => digest),
    ].filter((digest) => digest.startsWith(wanted));
    return digests.length > 0 ? [{ directory, digests }] : [];
  });
  const digests = [...new Set(found.flatMap((one) => one.digests))];
  if (found.length > 1 && digests.length > 1)
    throw new AnyarchError('ANYARCH_USAGE', `${JSON.stringify(name)} is the beginning of several digests`, {
      hint: `write more of it: ${digests.slice(0, 10).join(', ')}`,
    });
  return found.map(({ directory }) => ({ directory }));
}

/** Also those whose document is damaged: they can be named by their digest, and removed. */
function findDirectories(
  host: Host,
  state: string,
): readonly { readonly directory: string; readonly document?: FoundImage['document'] }[] {
  const damaged: { readonly directory: string }[] = [];
  const whole = findImages(host, state, (directory) => damaged.push({ directory }));
  return [...whole, ...damaged];
}
