import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { annotationKeys } from '../../core/oci/annotations.ts';
import { formatCanonicalJson, type Json } from '../../core/oci/canonical-json.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { blobPath, digestOfHex, type Digest } from '../../core/oci/digest.ts';
import type { ImagePlatform } from '../../core/oci/image-platform.ts';
import { layoutFiles, layoutMarker } from '../../core/oci/layout.ts';
import { mediaTypes } from '../../core/oci/media-types.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { OpenedImage, OpenedLayer } from '../../image-store/index.ts';

export interface LayoutImage {
  /** What was asked for: an image's own configuration often leaves the variant out. */
  readonly platform: ImagePlatform;
  readonly image: Pick<OpenedImage, 'configText' | 'layers'>;
}

/**
 * Writes an OCI layout with one index of several platforms' images. Layers are packed with gzip.
 *
 * @param directory not there yet, or empty
 * @param tags under which the index stands in the layout
 * @returns the index's descriptor
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export async function writeLayout(
  directory: string,
  images: readonly LayoutImage[],
  tags: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  try {
    return await write(directory, images, tags, signal);
  } catch (error) {
    throw error instanceof Error && 'syscall' in error
      ? fileFailure(error, directory, 'name another place with --output')
      : error;
  }
}

async function write(
  directory: string,
  images: readonly LayoutImage[],
  tags: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  await mkdir(join(directory, layoutFiles.blobs), { recursive: true });
  const packed = new Map<Digest, Descriptor>();
  const manifests: Descriptor[] = [];
  for (const { platform, image } of images) {
    const layers: Descriptor[] = [];
    for (const layer of image.layers) {
      const known = packed.get(layer.diffId) ?? (await packLayer(directory, layer, signal));
      packed.set(layer.diffId, known);
      layers.push(known);
    }
    const config = await writeBlob(directory, image.configText, mediaTypes.config);
    const manifest = { schemaVersion: 2, mediaType: mediaTypes.manifest, config, layers };
    manifests.push({ ...(await writeDocument(directory, manifest, mediaTypes.manifest)), platform });
  }
  const index = { schemaVersion: 2, mediaType: mediaTypes.index, manifests };
  const root = await writeDocument(directory, index, mediaTypes.index);
  const named = tags.map((tag) => ({ ...root, annotations: { [annotationKeys.refName]: tag } }));
  const list = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: named };
  await writeFile(join(directory, layoutFiles.index), jsonOf(list));
  // What makes a directory a layout comes last.
  await writeFile(join(directory, layoutFiles.marker), layoutMarker);
  return root;
}

async function packLayer(
  directory: string,
  { path, offset, size }: OpenedLayer,
  signal: AbortSignal | undefined,
): Promise<Descriptor> {
  const temporary = join(directory, layoutFiles.blobs, '.partial');
  const hash = createHash('sha256');
  const hashing = new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(
    createReadStream(path, { start: offset, end: offset + size - 1 }),
    createGzip(),
    hashing,
    createWriteStream(temporary),
    signal === undefined ? {} : { signal },
  );
  const digest = digestOfHex(hash.digest('hex'));
  const { size: packed } = await stat(temporary);
  await rename(temporary, join(directory, blobPath(digest)));
  return { mediaType: mediaTypes.layerGzip, digest, size: packed };
}

function writeDocument(directory: string, document: object, mediaType: string): Promise<Descriptor> {
  return writeBlob(directory, jsonOf(document), mediaType);
}

async function writeBlob(directory: string, text: string, mediaType: string): Promise<Descriptor> {
  const digest = digestOfHex(createHash('sha256').update(text).digest('hex'));
  await writeFile(join(directory, blobPath(digest)), text);
  return { mediaType, digest, size: Buffer.byteLength(text) };
}

function jsonOf(document: object): string {
  return formatCanonicalJson(document as unknown as Json);
}
