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
import { openLimits, type Limits } from './limits.ts';
import { summarize } from './summarize.ts';

/** Deeper nesting serves nobody; as pulling has it. */
const maximumDepth = 4;

/**
 * Everything that an index refers to. Goes on after a problem.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID where there is too much of it
 */
export async function inspectIndex(
  index: Index,
  contents: ContentReader,
): Promise<Pick<Inspection, 'tags' | 'images' | 'problems'>> {
  const count = openLimits();
  const reader = limited(contents, count);
  const found: Found = { count, visited: new Map(), images: new Map(), referrers: new Map(), problems: [] };
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
  readonly count: Limits;
  /** The images that a descriptor stands for. */
  readonly visited: Map<string, readonly Digest[]>;
  readonly images: Map<Digest, InspectedImage>;
  /** By their subjects. */
  readonly referrers: Map<Digest, InspectedReferrer[]>;
  readonly problems: string[];
}

/** @returns the digests of the images that it stands for, each once */
async function visit(
  descriptor: Descriptor,
  reader: ContentReader,
  found: Found,
  depth: number,
): Promise<readonly Digest[]> {
  // One digest under two media types is two things.
  const key = `${descriptor.mediaType} ${descriptor.digest}`;
  let images = found.visited.get(key);
  if (images === undefined) {
    found.count('manifests');
    const read = await described(descriptor, reader, found, depth);
    images = 'members' in read ? await imagesOf(read.members, reader, found, depth) : read.images;
    found.visited.set(key, images);
  }
  found.count('references', 1 + images.length);
  return images;
}

async function imagesOf(
  members: readonly Descriptor[],
  reader: ContentReader,
  found: Found,
  depth: number,
): Promise<readonly Digest[]> {
  const images = new Set<Digest>();
  for (const member of members)
    for (const image of await visit(member, reader, found, depth + 1)) images.add(image);
  return [...images];
}

type Described = { readonly images: readonly Digest[] } | { readonly members: readonly Descriptor[] };

/** What one descriptor refers to, without what that refers to in turn. */
async function described(
  descriptor: Descriptor,
  reader: ContentReader,
  found: Found,
  depth: number,
): Promise<Described> {
  const { digest, mediaType } = descriptor;
  try {
    if (isIndexType(mediaType)) {
      if (depth >= maximumDepth) throw problem(`${digest}: indices are nested too deeply`);
      return { members: parseIndex(await reader.document(descriptor), digest).manifests };
    }
    if (!isManifestType(mediaType))
      throw problem(`${digest} is neither an index nor a manifest: ${quote(mediaType, 100)}`);
    const manifest = parseManifest(await reader.document(descriptor), digest);
    if (manifest.subject !== undefined) {
      await addReferrer(descriptor, manifest, reader, found);
      return { images: [] };
    }
    found.images.set(digest, await describeManifest(descriptor, manifest, reader, found.problems));
    return { images: [digest] };
  } catch (error) {
    if (!(error instanceof AnyarchError) || !isAboutContent(error)) throw error;
    found.problems.push(error.message);
    return { images: [] };
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

/** The same documents, counted. */
function limited(reader: ContentReader, count: Limits): ContentReader {
  return {
    document: async (descriptor) => {
      const text = await reader.document(descriptor);
      count('bytes of documents', text.length);
      return text;
    },
    layer: (descriptor) => reader.layer(descriptor),
  };
}

/** And not about the limits, which end everything. */
function isAboutContent({ code, details }: AnyarchError): boolean {
  if ('limit' in details) return false;
  return code === 'ANYARCH_IMAGE_INVALID' || code === 'ANYARCH_DIGEST_MISMATCH';
}

function problem(message: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', message);
}
