import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { blobPath, digestOfHex } from '../../core/oci/digest.ts';
import { layoutFiles, layoutMarker } from '../../core/oci/layout.ts';
import { mediaTypes } from '../../core/oci/media-types.ts';

/** Writes layouts of any content, as nobody who means well would. */
export interface LayoutMaker {
  blob(content: Uint8Array | object, mediaType: string): Descriptor;
  /** @param layers with the digests of what they unpack to */
  image(layers: readonly (readonly [Descriptor, string])[], config?: object, manifest?: object): Descriptor;
  index(manifests: readonly object[]): Descriptor;
  /** Writes the layout's own index. */
  finish(manifests: readonly object[]): void;
}

export function makeLayout(directory: string): LayoutMaker {
  mkdirSync(join(directory, layoutFiles.blobs), { recursive: true });
  const blob: LayoutMaker['blob'] = (content, mediaType) => {
    const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content));
    const digest = digestOfHex(sha256Hex(bytes));
    writeFileSync(join(directory, blobPath(digest)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const indexOf = (manifests: readonly object[]) => ({
    schemaVersion: 2,
    mediaType: mediaTypes.index,
    manifests,
  });
  return {
    blob,
    image: (layers, config = {}, manifest = {}) => {
      const rootfs = { type: 'layers', diff_ids: layers.map(([, diffId]) => diffId) };
      const document = { os: 'linux', architecture: 'amd64', rootfs, ...config };
      return blob(
        {
          schemaVersion: 2,
          mediaType: mediaTypes.manifest,
          config: blob(document, mediaTypes.config),
          layers: layers.map(([layer]) => layer),
          ...manifest,
        },
        mediaTypes.manifest,
      );
    },
    index: (manifests) => blob(indexOf(manifests), mediaTypes.index),
    finish: (manifests) => {
      writeFileSync(join(directory, layoutFiles.index), JSON.stringify(indexOf(manifests)));
      writeFileSync(join(directory, layoutFiles.marker), layoutMarker);
    },
  };
}

/** Lower-case hexadecimal. */
export function sha256Hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
