import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { annotationKeys } from '../core/oci/annotations.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { blobPath, digestOfHex, type Digest } from '../core/oci/digest.ts';
import { checkLayoutMarker, layoutFiles } from '../core/oci/layout.ts';
import { isIndex, parseIndex, parseManifestOrIndex, type Index } from '../core/oci/manifest.ts';
import { isIndexType, isManifestType } from '../core/oci/media-types.ts';
import { AnyarchError } from '../core/error.ts';
import { maximumManifest, type StoredManifest } from './manifests.ts';
import { readDocument, readSmallBlob, UnfitFile } from '../image-files/index.ts';

/** An OCI image layout on this machine. */
export interface Layout {
  readonly directory: string;
  readonly index: Index;
}

/** An image of a layout with all that belongs to it. */
export interface LayoutImage {
  readonly root: Descriptor;
  /** What they list comes before what lists it; the root is the last one. */
  readonly manifests: readonly StoredManifest[];
  /** Configurations and layers, each once. */
  readonly blobs: readonly Descriptor[];
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID */
export function openLayout(directory: string): Layout {
  const marker = join(directory, layoutFiles.marker);
  checkLayoutMarker(read(marker, readDocument).toString(), marker);
  const path = join(directory, layoutFiles.index);
  return { directory, index: parseIndex(read(path, readDocument).toString(), path) };
}

/** What the image is called in its layout. */
export function refName(descriptor: Descriptor): string | undefined {
  return descriptor.annotations?.[annotationKeys.refName];
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH */
export function readImage(layout: Layout, root: Descriptor): LayoutImage {
  const manifests = new Map<Digest, StoredManifest>();
  const blobs = new Map<Digest, Descriptor>();
  const visit = (descriptor: Descriptor): void => {
    if (manifests.has(descriptor.digest)) return;
    const manifest = readManifest(layout, descriptor);
    const { document } = manifest;
    if (isIndex(document)) {
      for (const child of document.manifests) visit(child);
    } else {
      for (const blob of [document.config, ...document.layers]) blobs.set(blob.digest, blob);
    }
    manifests.set(descriptor.digest, manifest);
  };
  visit(root);
  return { root, manifests: [...manifests.values()], blobs: [...blobs.values()] };
}

/**
 * What the layout has about some manifests: SBOMs, provenance, and what is about these.
 *
 * @param known digests of the manifests
 */
export function readReferrers(layout: Layout, known: readonly Digest[]): LayoutImage[] {
  const subjects = new Set(known);
  const found: LayoutImage[] = [];
  let rest = layout.index.manifests.filter(({ digest }) => !subjects.has(digest));
  for (;;) {
    const next: Descriptor[] = [];
    let isNew = false;
    for (const descriptor of rest) {
      const subject = readableSubject(layout, descriptor);
      // What it is about is unknown.
      if (subject instanceof AnyarchError) continue;
      if (subject !== undefined && subjects.has(subject.digest)) {
        if (!subjects.has(descriptor.digest)) found.push(readImage(layout, descriptor));
        subjects.add(descriptor.digest);
        isNew = true;
      } else if (subject !== undefined) {
        next.push(descriptor);
      }
    }
    rest = next;
    if (!isNew) return found;
  }
}

/** What an entry of the layout is about, undefined for images; why not, for one that cannot be read. */
export function readableSubject(
  layout: Layout,
  descriptor: Descriptor,
): Descriptor | AnyarchError | undefined {
  try {
    return readManifest(layout, descriptor).document.subject;
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}

function readManifest(layout: Layout, descriptor: Descriptor): StoredManifest {
  const path = join(layout.directory, blobPath(descriptor.digest));
  if (!isIndexType(descriptor.mediaType) && !isManifestType(descriptor.mediaType))
    throw unusable(path, `its media type is ${JSON.stringify(descriptor.mediaType.slice(0, 100))}`);
  const content = read(path, readSmallBlob);
  const digest = digestOfHex(createHash('sha256').update(content).digest('hex'));
  if (digest !== descriptor.digest)
    throw new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${path} is not what its name says`, {
      hint: 'the layout is damaged: build or pull it again',
      details: { path, expected: descriptor.digest, actual: digest },
    });
  const document = parseManifestOrIndex(content.toString(), path);
  if (isIndex(document) !== isIndexType(descriptor.mediaType))
    throw unusable(path, `it is not the ${descriptor.mediaType} that refers to it`);
  const { mediaType } = descriptor;
  return {
    descriptor: { ...descriptor, size: content.length },
    content,
    document: { ...document, mediaType },
  };
}

function read(path: string, how: typeof readDocument): Buffer {
  try {
    return how(path, maximumManifest);
  } catch (error) {
    throw error instanceof UnfitFile ? unusable(path, error.message) : error;
  }
}

function unusable(path: string, what: string): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_INVALID', `${path} cannot be used: ${what}`, {
    hint: 'an OCI image layout is a directory with oci-layout, index.json and blobs/sha256, as anyarch image build makes them',
    details: { path },
  });
}
