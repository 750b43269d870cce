import { AnyarchError } from '../core/error.ts';
import { parseDocument } from '../core/oci/fields.ts';
import { formatImagePlatform, readImagePlatform, type ImagePlatform } from '../core/oci/image-platform.ts';
import { isIndex } from '../core/oci/manifest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { fetchDocument } from './documents.ts';
import { fetchManifest, type StoredManifest } from './manifests.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/**
 * The image for a platform: of an index the entry that says so, else the manifest itself, if its configuration does.
 *
 * @throws AnyarchError ANYARCH_REGISTRY_NOT_FOUND
 */
export async function choosePlatform(
  repository: Repository,
  named: StoredManifest,
  platform: ImagePlatform,
): Promise<StoredManifest> {
  const { document } = named;
  if (!isIndex(document)) {
    const own = await platformOf(repository, named);
    if (own !== undefined && isSame(own, platform)) return named;
    throw without(repository, named, platform, own === undefined ? [] : [own]);
  }
  const child = document.manifests.find(
    (one) => one.platform !== undefined && isSame(one.platform, platform),
  );
  if (child !== undefined) return await fetchManifest(repository, child.digest, child);
  const known = document.manifests.flatMap((one) => one.platform ?? []);
  throw without(repository, named, platform, known);
}

/** Undefined for what is no image. */
async function platformOf(
  repository: Repository,
  { document }: StoredManifest,
): Promise<ImagePlatform | undefined> {
  if (isIndex(document)) return undefined;
  const { config } = document;
  if (config.mediaType !== mediaTypes.config && config.mediaType !== mediaTypes.dockerConfig)
    return undefined;
  const place = contentName(repository, config.digest);
  const { values } = parseDocument((await fetchDocument(repository, config)).toString(), place);
  return readImagePlatform(values, place);
}

/** Indices name the variant that an architecture has anyway, or leave it out. */
function isSame(a: ImagePlatform, b: ImagePlatform): boolean {
  const usual: Readonly<Record<string, string>> = { arm64: 'v8', amd64: 'v1', arm: 'v7' };
  const variant = (one: ImagePlatform) => one.variant ?? usual[one.architecture];
  return a.os === b.os && a.architecture === b.architecture && variant(a) === variant(b);
}

function without(
  repository: Repository,
  { descriptor }: StoredManifest,
  platform: ImagePlatform,
  known: readonly ImagePlatform[],
): AnyarchError {
  const wanted = formatImagePlatform(platform);
  const name = contentName(repository, descriptor.digest);
  return new AnyarchError('ANYARCH_REGISTRY_NOT_FOUND', `${name} has no image for ${wanted}`, {
    hint: known.length === 0 ? 'it names no platform' : `it has ${known.map(formatImagePlatform).join(', ')}`,
    details: { platform: wanted },
  });
}
