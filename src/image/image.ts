import type { Descriptor } from '../core/oci/descriptor.ts';
import type { ImageConfig } from '../core/oci/image-config.ts';
import { imagePlatform } from '../core/oci/image-platform.ts';
import type { Manifest } from '../core/oci/manifest.ts';
import { layerMediaType, mediaTypes } from '../core/oci/media-types.ts';
import { parsePlatform } from '../core/platform.ts';
import { imageAnnotations, type ImageFacts } from './annotations.ts';
import { documentBlob, type Blob } from './blob.ts';
import { containerConfig } from './content/container-config.ts';
import type { ImageEmulator } from './content/image-emulator.ts';
import type { ImageTag } from './content/tag.ts';
import type { HostPlatform } from './host-platform.ts';
import type { CachedLayer } from './layers/cache.ts';
import type { Packing } from './layers/compression.ts';
import type { Program } from './program.ts';

/** A layer with what it holds. */
export interface ImageLayer extends CachedLayer {
  readonly what: string;
}

/** What one platform's images are made of. */
export interface PlatformParts {
  readonly platform: HostPlatform;
  readonly program: Program;
  readonly base: ImageLayer;
  readonly emulators: ReadonlyMap<string, { readonly emulator: ImageEmulator; readonly layer: ImageLayer }>;
}

/** One platform's image of a tag. */
export interface PlatformImage {
  readonly platform: HostPlatform;
  readonly program: Program;
  readonly emulators: readonly ImageEmulator[];
  readonly layers: readonly ImageLayer[];
  readonly config: Blob;
  readonly manifest: Blob;
  /** Of the manifest. */
  readonly descriptor: Descriptor;
}

/** Undefined where the tag has nothing for the platform. */
export function makeImage(
  tag: ImageTag,
  parts: PlatformParts,
  packing: Packing,
  facts: ImageFacts,
): PlatformImage | undefined {
  const chosen = emulatorsOf(tag, parts);
  if (chosen === undefined) return undefined;
  const { platform, program, base } = parts;
  // The base comes last: a release with another program and the same emulators leaves the layers below as they are,
  // and engines that store chains of layers need not fetch 100 MB again.
  const layers = [...chosen.map(({ layer }) => layer), base];
  const annotations = imageAnnotations(facts);
  const target = imagePlatform(parsePlatform(platform.name));
  const configuration: ImageConfig = {
    ...target,
    created: facts.created,
    config: containerConfig(tag, annotations),
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
    history: layers.map(({ what }) => ({
      created: facts.created,
      created_by: `anyarch image build: ${what}`,
    })),
  };
  const config = documentBlob(mediaTypes.config, configuration);
  const manifest: Manifest = {
    schemaVersion: 2,
    mediaType: mediaTypes.manifest,
    config: config.descriptor,
    layers: layers.map(({ digest, size }) => ({
      mediaType: layerMediaType(packing.compression),
      digest,
      size,
    })),
    annotations,
  };
  const { blob, descriptor } = documentBlob(mediaTypes.manifest, manifest);
  const emulators = chosen.map(({ emulator }) => emulator);
  return {
    ...{ platform, program, emulators, layers, config: config.blob, manifest: blob },
    descriptor: { ...descriptor, platform: target },
  };
}

/** Whether a tag has images for a platform, as far as emulators do not matter. */
export function isForPlatform({ content }: ImageTag, { host }: HostPlatform): boolean {
  return content.kind !== 'one' || (content.target !== host && (content.host ?? host) === host);
}

function emulatorsOf(tag: ImageTag, { platform, emulators }: PlatformParts) {
  if (!isForPlatform(tag, platform)) return undefined;
  switch (tag.content.kind) {
    case 'none':
      return [];
    case 'all':
      return [...emulators.values()];
    case 'one': {
      const one = emulators.get(tag.content.target);
      return one === undefined ? undefined : [one];
    }
  }
}
