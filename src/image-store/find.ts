import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';
import { describe, readDocument, samePlatform } from './document.ts';
import type { ImageDocument } from './document.ts';
import type { OpenedImage } from './opened-image.ts';
import { imageDirectory, imageFiles, imageName, imagesDirectory } from './places.ts';
import type { StoredImage, TreeIds } from './stored-image.ts';
import { isDoubtful } from './settle.ts';
import { treeDigest } from './tree-digest.ts';
import { names } from './worker/protocol.ts';

export interface FoundImage {
  /** Absolute. */
  readonly directory: string;
  readonly document: ImageDocument;
}

/**
 * Every image that is complete.
 *
 * @param onDamaged gets the path and the error of one that cannot be read, or lacks something; thrown when left out
 */
export function findImages(
  { files }: Pick<Host, 'files'>,
  state: string,
  onDamaged?: (directory: string, error: unknown) => void,
): FoundImage[] {
  return imageDirectories({ files }, state).flatMap((directory) => {
    try {
      const document = readDocument(files, directory);
      if (document !== undefined && isComplete({ files }, directory)) return [{ directory, document }];
      throw incomplete(directory);
    } catch (error) {
      // Another command has just removed it.
      if (files.linkStatus(directory) === undefined) return [];
      if (onDamaged === undefined) throw error;
      onDamaged(directory, error);
      return [];
    }
  });
}

/** Also of those that are damaged. */
export function imageDirectories({ files }: Pick<Host, 'files'>, state: string): string[] {
  const images = imagesDirectory(state);
  if (files.linkStatus(images)?.kind !== 'directory') return [];
  const below = files.resolve(images);
  return files
    .list(below)
    .filter((name) => imageName.test(name))
    .toSorted()
    .map((name) => `${below}/${name}`);
}

/** Whether what the document tells of is there. What is not is unpacked again when it is needed. */
export function isComplete({ files }: Pick<Host, 'files'>, directory: string): boolean {
  const kindOf = (name: string): string | undefined => files.linkStatus(`${directory}/${name}`)?.kind;
  return (
    kindOf(names.tree) === 'directory' &&
    kindOf(imageFiles.use) === 'file' &&
    !isDoubtful({ files }, directory)
  );
}

function incomplete(directory: string): AnyarchError {
  return new AnyarchError('ANYARCH_STATE_INVALID', `${directory} is no complete image`, {
    hint: `it is unpacked again when it is needed, or remove it: anyarch image remove ${directory.slice(-64)}`,
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
    if (document !== undefined && isComplete({ files }, directory))
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
