import { AnyarchError } from '../../core/error.ts';
import { annotationKeys } from '../../core/oci/annotations.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import type { Digest } from '../../core/oci/digest.ts';
import { parseImageConfig } from '../../core/oci/image-config.ts';
import { formatImagePlatform } from '../../core/oci/image-platform.ts';
import { parseIndex, parseManifest, type Index, type Manifest } from '../../core/oci/manifest.ts';
import { isIndexType, isManifestType } from '../../core/oci/media-types.ts';
import { quote } from '../../core/text.ts';
import type { ContentReader } from './content-reader.ts';
import { describeLayers } from './describe-layers.ts';
import type { InspectedImage, InspectedReferrer, InspectedTag, Inspection } from './inspection.ts';
import { summarize } from './summarize.ts';

/** Deeper nesting serves nobody, and a hostile index could refer to others for ever. */
const maximumDepth = 4;

/** Everything that an index refers to. Goes on after a problem. */
export async function inspectIndex(
  index: Index,
  reader: ContentReader,
): Promise<Pick<Inspection, 'tags' | 'images' | 'problems'>> {
  const found: Found = { images: new Map(), referrers: new Map(), problems: [] };
  const tags: InspectedTag[] = [];
  for (const descriptor of index.manifests) {
    const images = await visit(descriptor, reader, found, 0);
    const name = descriptor.annotations?.[annotationKeys.refName];
    if (name !== undefined) tags.push({ name, digest: descriptor.digest, images });
  }
  const images = [...found.images.values()].map((image) => ({
    ...image,
    referrers: found.referrers.get(image.digest) ?? [],
  }));
  return { tags, images, problems: [...new Set(found.problems)] };
}

interface Found {
  readonly images: Map<Digest, InspectedImage>;
  /** By their subjects. */
  readonly referrers: Map<Digest, InspectedReferrer[]>;
  readonly problems: string[];
}

/** @returns the digests of the images that it stands for */
async function visit(
  descriptor: Descriptor,
  reader: ContentReader,
  found: Found,
  depth: number,
): Promise<Digest[]> {
  const { digest, mediaType } = descriptor;
  if (found.images.has(digest)) return [digest];
  try {
    if (isIndexType(mediaType)) {
      if (depth >= maximumDepth) throw problem(`${digest}: indices are nested too deeply`);
      const { manifests } = parseIndex(await reader.document(descriptor), digest);
      const images: Digest[] = [];
      for (const member of manifests) images.push(...(await visit(member, reader, found, depth + 1)));
      return images;
    }
    if (!isManifestType(mediaType))
      throw problem(`${digest} is neither an index nor a manifest: ${quote(mediaType, 100)}`);
    const manifest = parseManifest(await reader.document(descriptor), digest);
    if (manifest.subject !== undefined) {
      await addReferrer(descriptor, manifest, reader, found);
      return [];
    }
    found.images.set(digest, await describeManifest(descriptor, manifest, reader, found.problems));
    return [digest];
  } catch (error) {
    if (!(error instanceof AnyarchError) || !isAboutContent(error)) throw error;
    found.problems.push(error.message);
    return [];
  }
}

async function describeManifest(
  { digest }: Descriptor,
  manifest: Manifest,
  reader: ContentReader,
  problems: string[],
): Promise<InspectedImage> {
  const config = parseImageConfig(await reader.document(manifest.config), manifest.config.digest);
  const checked = [];
  for (const layer of manifest.layers)
    checked.push({ descriptor: layer, content: await reader.layer(layer) });
  return {
    digest,
    platform: formatImagePlatform(config),
    created: config.created,
    config: config.config,
    annotations: manifest.annotations ?? {},
    layers: describeLayers(config, checked, problems),
    referrers: [],
  };
}

async function addReferrer(
  { digest }: Descriptor,
  { subject, artifactType, config, layers }: Manifest,
  reader: ContentReader,
  { referrers }: Found,
): Promise<void> {
  if (subject === undefined) return;
  const [content] = layers;
  const type = artifactType ?? config.mediaType;
  const text = content === undefined ? '' : await reader.document(content);
  const known = referrers.get(subject.digest) ?? [];
  if (known.some((one) => one.digest === digest)) return;
  referrers.set(subject.digest, [...known, { digest, artifactType: type, summary: summarize(type, text) }]);
}

function isAboutContent({ code }: AnyarchError): boolean {
  return code === 'ANYARCH_IMAGE_INVALID' || code === 'ANYARCH_DIGEST_MISMATCH';
}

function problem(message: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', message);
}
