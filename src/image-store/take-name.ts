import { tryLock } from '../host/lock.ts';
import type { Host } from '../host/host.ts';
import { readDocument, samePlatform, withoutReference, writeDocument } from './document.ts';
import type { ImageDocument } from './document.ts';
import { findImages } from './find.ts';
import type { OpenedImage } from './opened-image.ts';

type Named = Pick<OpenedImage, 'platform' | 'reference'>;

/**
 * Takes the name from all other trees: a tag may have come to mean another image, or again the one that it meant before.
 *
 * @param root of the tree that keeps it
 */
export function takeNameFromOthers(host: Host, state: string, root: string, image: Named): void {
  for (const { directory, document } of findImages(host, state, () => undefined)) {
    if (root.startsWith(`${directory}/`) || !hasName(document, image)) continue;
    const lock = tryLock(host, `${directory}.lock`);
    // Whoever has it is unpacking the same name now, or removing that tree: both see to the name themselves.
    if (!('release' in lock)) continue;
    try {
      const current = readDocument(host.files, directory);
      if (current !== undefined) writeDocument(host.files, directory, withoutName(current, image));
    } finally {
      lock.release();
    }
  }
}

function hasName({ images }: ImageDocument, { platform, reference }: Named): boolean {
  return images.some((one) => samePlatform(one.platform, platform) && one.references.includes(reference));
}

function withoutName(document: ImageDocument, { platform, reference }: Named): ImageDocument {
  const images = document.images.map((one) =>
    samePlatform(one.platform, platform) ? withoutReference(one, reference) : one,
  );
  return { ...document, images };
}
