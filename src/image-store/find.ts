import type { Host } from '../host/host.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';
import { describe, readDocument, samePlatform } from './document.ts';
import type { ImageDocument } from './document.ts';
import type { OpenedImage } from './opened-image.ts';
import { imageDirectory, imageName, imagesDirectory } from './places.ts';
import type { StoredImage, TreeIds } from './stored-image.ts';
import { isDoubtful } from './settle.ts';
import { treeDigest } from './tree-digest.ts';

export interface FoundImage {
  /** Absolute. */
  readonly directory: string;
  readonly document: ImageDocument;
}

/**
 * Every image that is complete.
 *
 * @param onDamaged gets the path and the error of one that cannot be read; thrown when left out
 */
export function findImages(
  { files }: Pick<Host, 'files'>,
  state: string,
  onDamaged?: (directory: string, error: unknown) => void,
): FoundImage[] {
  const images = imagesDirectory(state);
  if (files.linkStatus(images) === undefined) return [];
  const below = files.resolve(images);
  return files
    .list(below)
    .filter((name) => imageName.test(name))
    .toSorted()
    .flatMap((name) => {
      const directory = `${below}/${name}`;
      try {
        const document = readDocument(files, directory);
        return document === undefined || isDoubtful({ files }, directory) ? [] : [{ directory, document }];
      } catch (error) {
        if (onDamaged === undefined) throw error;
        onDamaged(directory, error);
        return [];
      }
    });
}

/** The tree of these layers, whoever's its files are; root's only for root. */
export function findTree(
  { files, system }: Pick<Host, 'files' | 'system'>,
  state: string,
  image: Pick<OpenedImage, 'layers'>,
): FoundImage | undefined {
  const kinds: readonly TreeIds[] = system.uid === 0 ? ['identity'] : ['subordinate', 'single'];
  for (const ids of kinds) {
    const directory = imageDirectory(
      state,
      treeDigest(
        image.layers.map(({ diffId }) => diffId),
        ids,
      ),
    );
    const document = readDocument(files, directory);
    if (document !== undefined && !isDoubtful({ files }, directory))
      return { directory: files.resolve(directory), document };
  }
  return undefined;
}

export function storedImage(
  host: Pick<Host, 'files' | 'system'>,
  state: string,
  image: Pick<OpenedImage, 'layers' | 'digest'>,
): StoredImage | undefined {
  const found = findTree(host, state, image);
  const described = found?.document.images.find(({ digest }) => digest === image.digest);
  return found === undefined || described === undefined
    ? undefined
    : describe(found.directory, found.document, described);
}

export function storedByReference(
  host: Pick<Host, 'files' | 'system'>,
  state: string,
  reference: string,
  platform: ImagePlatform,
): StoredImage | undefined {
  const isRoot = host.system.uid === 0;
  const found = findImages(host, state, () => undefined)
    .filter(({ document }) => (document.ids === 'identity') === isRoot)
    .flatMap(({ directory, document }) =>
      document.images
        .filter((image) => image.references.includes(reference) && samePlatform(image.platform, platform))
        .map((image) => describe(directory, document, image)),
    );
  return found.toSorted((one, other) => (one.at < other.at ? 1 : -1))[0];
}
