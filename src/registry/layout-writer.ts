import { readdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { annotationKeys } from '../core/oci/annotations.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { blobPath } from '../core/oci/digest.ts';
import { checkLayoutMarker, layoutFiles, layoutMarker } from '../core/oci/layout.ts';
import { parseIndex } from '../core/oci/manifest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { AnyarchError } from '../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { errnoOf } from '../host/node/system-call.ts';
import { SystemError } from '../host/system-error.ts';
import { updateDocument } from '../store/index.ts';
import { removeParts } from '../transfer/index.ts';
import { maximumManifest, type StoredManifest } from './manifests.ts';
import { readDocument, UnfitFile } from '../image-files/index.ts';

export type LayoutHost = Pick<Host, 'clock' | 'files'>;

/** How to have a layout written to another place, for hints. */
export const elsewhere = 'pull';

/** Where a layout keeps what interrupted pulls have left, until one into it has come to its end. */
export function partialDirectory(directory: string): string {
  return join(directory, '.anyarch-partial');
}

/**
 * Removes that directory unless something is kept in it.
 *
 * @param isDone nobody needs what interrupted pulls have left any more
 */
export async function tidyUp(directory: string, isDone: boolean): Promise<void> {
  try {
    if (isDone) await removeParts(partialDirectory(directory));
    await rmdir(partialDirectory(directory));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno !== 'ENOENT' && errno !== 'ENOTDIR' && errno !== 'ENOTEMPTY')
      throw fileFailure(error, directory, elsewhere);
  }
}

/**
 * Whether a directory is a layout already. Otherwise nothing is there.
 *
 * @throws AnyarchError ANYARCH_OUTPUT_EXISTS when something else is in it, ANYARCH_IMAGE_INVALID, ANYARCH_FILE …
 */
export async function checkPlace(directory: string): Promise<boolean> {
  const marker = join(directory, layoutFiles.marker);
  const present = readIfThere(marker);
  if (present !== undefined) {
    checkLayoutMarker(present, marker);
    return true;
  }
  const names = await readdir(directory).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw fileFailure(error, directory, elsewhere);
  });
  if (names.length === 0) return false;
  throw new AnyarchError(
    'ANYARCH_OUTPUT_EXISTS',
    `${directory} holds something else than an OCI image layout`,
    {
      hint: 'name a new directory, an empty one or a layout',
      details: { directory },
    },
  );
}

/** Makes a directory a layout, without an index as yet, unless it is one. @throws as `checkPlace` */
export async function prepareLayout({ files }: LayoutHost, directory: string): Promise<void> {
  const isLayout = await checkPlace(directory);
  written(directory, () => {
    files.makeDirectory(join(directory, layoutFiles.blobs));
    if (!isLayout) files.writeAtomic(join(directory, layoutFiles.marker), encodeUtf8(layoutMarker), 0o644);
  });
}

/** Stores a manifest as a blob. */
export function storeManifest({ files }: LayoutHost, directory: string, manifest: StoredManifest): void {
  const path = join(directory, blobPath(manifest.descriptor.digest));
  written(path, () => {
    files.writeAtomic(path, manifest.content, 0o644);
  });
}

/**
 * Adds an image to the layout's index, in the place of one of the same name, with what refers to it.
 *
 * @param name undefined for an image without a tag
 */
export function addToIndex(
  host: LayoutHost,
  directory: string,
  root: Descriptor,
  name: string | undefined,
  referrers: readonly StoredManifest[],
): void {
  const path = join(directory, layoutFiles.index);
  const annotations = name === undefined ? {} : { annotations: { [annotationKeys.refName]: name } };
  const image = { mediaType: root.mediaType, digest: root.digest, size: root.size, ...annotations };
  const others = referrers.map(({ descriptor, document: { artifactType } }) => ({
    ...descriptor,
    ...(artifactType === undefined ? {} : { artifactType }),
  }));
  updateDocument(
    host,
    path,
    () => readEntries(path),
    ({ manifests, ...rest }) => {
      const isReplaced = (entry: Entry) =>
        others.some(({ digest }) => digest === entry.digest) ||
        (entry.annotations?.[annotationKeys.refName] === name &&
          (name !== undefined || entry.digest === root.digest));
      return { ...rest, manifests: [...manifests.filter((entry) => !isReplaced(entry)), image, ...others] };
    },
  );
}

/** An entry as it was written, with the fields that anyarch does not know. */
interface Entry {
  readonly digest: string;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface Entries {
  readonly schemaVersion?: number;
  readonly mediaType?: string;
  readonly manifests: readonly Entry[];
}

const emptyIndex: Entries = { schemaVersion: 2, mediaType: mediaTypes.index, manifests: [] };

function readEntries(path: string): Entries {
  const text = readIfThere(path);
  if (text === undefined) return emptyIndex;
  parseIndex(text, path);
  return { manifests: [], ...(JSON.parse(text) as Partial<Entries>) };
}

function readIfThere(path: string): string | undefined {
  try {
    return decodeUtf8(readDocument(path, maximumManifest));
  } catch (error) {
    if (!(error instanceof UnfitFile)) throw error;
    if (error.errno === 'ENOENT' || error.errno === 'ENOTDIR') return undefined;
    throw new AnyarchError('ANYARCH_IMAGE_INVALID', `${path} cannot be used: ${error.message}`, {
      hint: 'name a new directory, an empty one or a layout',
      details: { path },
      cause: error,
    });
  }
}

function written<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw error instanceof SystemError ? fileFailure(error, path, elsewhere) : error;
  }
}
