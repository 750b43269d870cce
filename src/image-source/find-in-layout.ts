import type { Descriptor } from '../core/oci/descriptor.ts';
import { blobPath, hexOfDigest } from '../core/oci/digest.ts';
import { AnyarchError } from '../core/error.ts';
import { invalid } from '../core/oci/fields.ts';
import { checkLayoutMarker, layoutFiles } from '../core/oci/layout.ts';
import { parseIndex } from '../core/oci/manifest.ts';
import {
  documentText,
  hashOf,
  openBlob,
  readText,
  UnfitFile,
  type ImageFiles,
} from '../image-files/index.ts';
import type { OpenedLayer } from '../image-store/index.ts';
import { chooseImage } from './choose-image.ts';
import { nothingToFree, type FoundImage, type SourceOptions } from './found-image.ts';

/** Whether the files are those of an OCI image layout. */
export function isLayout(files: ImageFiles): boolean {
  return files.has(layoutFiles.marker) && files.has(layoutFiles.index);
}

/** @throws AnyarchError ANYARCH_PLATFORM_NOT_FOUND, ANYARCH_IMAGE_NOT_FOUND, ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH */
export async function findInLayout(
  files: ImageFiles,
  part: string | undefined,
  reference: string,
  { wanted, signal }: Pick<SourceOptions, 'signal' | 'wanted'>,
): Promise<FoundImage> {
  const { marker, index } = layoutFiles;
  checkLayoutMarker(await readText(files, marker), `${files.path}: ${marker}`);
  const documents = {
    place: files.path,
    index: parseIndex(await readText(files, index), `${files.path}: ${index}`),
    document: (descriptor: Descriptor) => documentText(files, descriptor),
  };
  const { layers, ...image } = await chooseImage(documents, part, wanted);
  return {
    reference,
    ...image,
    open: async () => {
      const opened: OpenedLayer[] = [];
      for (const [position, diffId] of image.config.rootfs.diff_ids.entries()) {
        const descriptor = layers[position];
        if (descriptor === undefined) throw new Error('chooseImage has compared the numbers of layers');
        opened.push({ diffId, ...(await verifiedPlace(files, descriptor, signal)) });
      }
      return { reference, ...image, layers: opened };
    },
    ...nothingToFree,
  };
}

async function verifiedPlace(
  files: ImageFiles,
  { digest, size }: Descriptor,
  signal: AbortSignal | undefined,
): Promise<Omit<OpenedLayer, 'diffId'>> {
  const place = files.place(blobPath(digest));
  if (place === undefined) throw invalid(files.path, `it has no ${blobPath(digest)}`);
  if (place.size !== size) throw invalid(files.path, `${digest} has ${place.size} bytes instead of ${size}`);
  const handle = await openBlob(place.path).catch((error: unknown) => {
    throw error instanceof UnfitFile ? invalid(place.path, error.message, error) : error;
  });
  try {
    const actual = await hashOf(handle, signal, place.offset, place.offset + place.size);
    if (actual === hexOfDigest(digest)) return place;
    throw new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${digest} has the content of sha256:${actual}`, {
      hint: `${files.path} is damaged: make it again`,
      details: { path: files.path, digest, actual: `sha256:${actual}` },
    });
  } finally {
    await handle.close();
  }
}
