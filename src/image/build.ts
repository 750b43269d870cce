import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import type { Index } from '../core/oci/manifest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { imageAnnotations } from './annotations.ts';
import { referrersOf } from './attestation/referrers.ts';
import { documentBlob, type Blob } from './blob.ts';
import type { BuildHost, BuildOptions } from './build-options.ts';
import { buildPlatform, type PlatformResult } from './build-platform.ts';
import type { ImageTag } from './content/tag.ts';
import type { BuiltTag } from './built-tag.ts';
import { isForPlatform, makeImage, type PlatformImage } from './image.ts';
import { openLayerCache } from './layers/cache.ts';
import { packings } from './layers/compression.ts';
import { openCompressor } from './layers/compressor.ts';
import type { MissingEmulator } from './missing-emulators.ts';
import { checkOutput, writeImages } from './output/write-images.ts';

export interface BuildReport {
  readonly output: string;
  readonly tags: readonly BuiltTag[];
  readonly layers: {
    readonly count: number;
    /** Taken from the cache. */
    readonly cached: number;
    /** Packed bytes of all of them. */
    readonly size: number;
  };
  /** What was wanted and is in no image. */
  readonly missing: readonly MissingEmulator[];
  readonly warnings: readonly string[];
}

/**
 * Builds images without an engine and without privilege. The same inputs give the same digests, whatever the machine,
 * the time, the user's settings and the directory. Can be repeated and interrupted at any time.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_REFERENCE_INVALID, ANYARCH_OUTPUT_EXISTS, ANYARCH_PROGRAM_NOT_FOUND, ANYARCH_EMULATOR_NOT_FOUND,
 *   ANYARCH_DIGEST_MISMATCH, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_CANCELLED, and what fetching throws
 */
export async function buildImages(host: BuildHost, options: BuildOptions): Promise<BuildReport> {
  await checkOutput(options);
  const { tags, facts } = options;
  const packing = packings[options.compression];
  const results = await buildPlatforms(host, options);
  const parts = results.map((result) => result.parts);
  const blobs = new Map<Digest, Blob>();
  const others = new Map<Digest, Descriptor>();
  const keep = (blob: Blob) => blobs.set(blob.digest, blob);
  const leftOut: string[] = [];
  const built = tags.flatMap((tag): BuiltTag[] => {
    const images = parts.flatMap((part) => makeImage(tag, part, packing, facts) ?? []);
    const [first] = images;
    if (first === undefined) {
      if (!tag.isOptional) throw nothingFor(tag, results);
      leftOut.push(`there is nothing for the tag ${tag.name}`);
      return [];
    }
    for (const image of images) {
      keep(image.config);
      keep(image.manifest);
      for (const { digest, size, file } of image.layers) keep({ digest, size, content: { file } });
      if (!options.attestations) continue;
      const referrers = referrersOf(image, facts, packing);
      referrers.blobs.forEach(keep);
      for (const descriptor of referrers.descriptors) others.set(descriptor.digest, descriptor);
    }
    if (tag.content.kind === 'one' && tag.content.host !== undefined)
      return [{ tag, descriptor: first.descriptor, images }];
    const index = documentBlob(mediaTypes.index, indexOf(images, options));
    if (options.format !== 'docker-archive') keep(index.blob);
    return [{ tag, descriptor: index.descriptor, images }];
  });
  await writeImages(options, built, [...blobs.values()], [...others.values()]);
  const layers = results.flatMap((result) => result.layers);
  return {
    output: options.output,
    tags: built,
    layers: {
      count: layers.length,
      cached: layers.filter(({ cached }) => cached).length,
      size: layers.reduce((sum, { size }) => sum + size, 0),
    },
    missing: results.flatMap(({ missing }) => missing),
    warnings: [...results.flatMap(({ warnings }) => warnings), ...leftOut],
  };
}

async function buildPlatforms(host: BuildHost, options: BuildOptions): Promise<PlatformResult[]> {
  const { tags, platforms, signal } = options;
  const cache = await openLayerCache(options.cache);
  const packing = packings[options.compression];
  const results: PlatformResult[] = [];
  // One after the other: packages are read and layers packed from one disk, by the same processors.
  for (const platform of platforms) {
    if (!tags.some((tag) => isForPlatform(tag, platform))) continue;
    // Its threads' memory is given back while the next platform's emulators are fetched.
    const compressor = openCompressor(packing);
    try {
      results.push(await buildPlatform(host, platform, options, { cache, compressor, packing, signal }));
    } finally {
      await compressor.close();
    }
  }
  return results;
}

function indexOf(images: readonly PlatformImage[], { facts }: BuildOptions): Index {
  return {
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests: images.map(({ descriptor }) => descriptor),
    annotations: imageAnnotations(facts),
  };
}

function nothingFor({ name }: ImageTag, results: readonly PlatformResult[]): AnyarchError {
  const [reason] = results.flatMap(({ warnings }) => warnings);
  return new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    `the tag ${name} would be empty${reason === undefined ? '' : `: ${reason}`}`,
    {
      hint: 'name a platform with --platform that has an emulator for it; no machine needs one for itself',
      details: { tag: name },
    },
  );
}
