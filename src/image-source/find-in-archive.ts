import { invalid } from '../core/oci/fields.ts';
import { layoutFiles } from '../core/oci/layout.ts';
import { openImageFiles } from '../image-files/index.ts';
import { findInDockerArchive, isDockerArchive } from './find-in-docker-archive.ts';
import { findInLayout, isLayout } from './find-in-layout.ts';
import type { FoundImage, SourceOptions } from './found-image.ts';
import { unpackedArchive } from './unpacked-archive.ts';

export interface ArchiveName {
  /** `path`: whichever of the others it is. */
  readonly kind: 'oci' | 'oci-archive' | 'docker-archive' | 'path';
  readonly path: string;
  readonly part: string | undefined;
}

/**
 * An image in a layout's directory or in an archive, which may be packed with gzip as a whole.
 *
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_IMAGE_INVALID, ANYARCH_IMAGE_NOT_FOUND, ANYARCH_PLATFORM_NOT_FOUND …
 */
export async function findInArchive(
  { kind, path, part }: ArchiveName,
  reference: string,
  options: SourceOptions,
): Promise<FoundImage> {
  const unpacked = await unpackedArchive(path, options);
  try {
    const files = await openImageFiles(unpacked?.path ?? path);
    const found =
      isLayout(files) && kind !== 'docker-archive'
        ? await findInLayout(files, part, reference, options)
        : isDockerArchive(files) && kind !== 'oci' && kind !== 'oci-archive'
          ? await findInDockerArchive(files, part, reference, options)
          : undefined;
    if (found === undefined) throw invalid(path, whatIsMissing(kind));
    if (unpacked === undefined) return found;
    const { share } = unpacked;
    return {
      ...found,
      open: async () => {
        const image = await found.open();
        return { ...image, layers: image.layers.map((layer) => ({ ...layer, share })) };
      },
      close: () => unpacked.remove(),
    };
  } catch (error) {
    await unpacked?.remove();
    throw error;
  }
}

function whatIsMissing(kind: ArchiveName['kind']): string {
  const { marker, index } = layoutFiles;
  if (kind === 'docker-archive') return 'it has no manifest.json, as docker save writes it';
  const layout = `${marker} and ${index}, as an image layout has them`;
  return kind === 'path' ? `it has neither ${layout}, nor manifest.json` : `it has not both ${layout}`;
}
