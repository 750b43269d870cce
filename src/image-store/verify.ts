import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { readDocument } from './document.ts';
import type { ImageDocument } from './document.ts';
import type { Difference } from './listing/compare.ts';
import { namedImages } from './list.ts';
import { imageName, imagesDirectory } from './places.ts';
import { runWorker } from './run-worker.ts';
import { treeDigest } from './tree-digest.ts';
import { makeWorkPlace } from './work-place.ts';
import { holdImage } from './use.ts';

export interface VerifiedImage {
  readonly outcome: 'intact' | 'changed' | 'failed';
  readonly path: string;
  readonly references: readonly string[];
  readonly entries?: number;
  /** The first hundred, of `differenceCount`. */
  readonly differences: readonly Difference[];
  readonly differenceCount: number;
  readonly error?: AnyarchError;
}

/**
 * Compares trees, every byte of them, with what was unpacked.
 *
 * @param names references or digests; all images when there are none
 * @throws AnyarchError ANYARCH_IMAGE_NOT_STORED
 */
export async function verifyImages(
  host: Host,
  state: string,
  names: readonly string[],
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<VerifiedImage[]> {
  const named = names.flatMap((name) => namedImages(host, state, name)).map(({ directory }) => directory);
  const directories = names.length === 0 ? allDirectories(host, state) : [...new Set(named)];
  const results: VerifiedImage[] = [];
  for (const directory of directories) results.push(await verifyOne(host, state, directory, signal));
  return results;
}

/** Also those that are damaged. */
function allDirectories({ files }: Host, state: string): string[] {
  const images = imagesDirectory(state);
  if (files.linkStatus(images) === undefined) return [];
  const below = files.resolve(images);
  return files
    .list(below)
    .filter((name) => imageName.test(name))
    .toSorted()
    .map((name) => `${below}/${name}`);
}

async function verifyOne(
  host: Host,
  state: string,
  directory: string,
  signal: AbortSignal | undefined,
): Promise<VerifiedImage> {
  let document: ImageDocument | undefined;
  try {
    document = readDocument(host.files, directory);
    if (document === undefined) throw damaged(directory, 'its document is missing');
    if (`sha256:${directory.slice(-64)}` !== treeDigest(document.diffIds, document.ids))
      throw damaged(directory, 'its document is that of another image');
    const comparison = await compare(host, state, directory, document, signal);
    return {
      outcome: comparison.count === 0 ? 'intact' : 'changed',
      path: directory,
      references: referencesOf(document),
      entries: document.entries,
      differences: comparison.differences,
      differenceCount: comparison.count,
    };
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code === 'ANYARCH_CANCELLED') throw error;
    const references = document === undefined ? [] : referencesOf(document);
    return { outcome: 'failed', path: directory, references, differences: [], differenceCount: 0, error };
  }
}

async function compare(
  host: Host,
  state: string,
  directory: string,
  document: ImageDocument,
  signal: AbortSignal | undefined,
): Promise<{ readonly differences: readonly Difference[]; readonly count: number }> {
  const release = holdImage(host, directory);
  const place = makeWorkPlace(host, state, 'verifying');
  try {
    return await runWorker(
      host,
      { task: 'verify', image: directory, sha256: document.listing },
      { ids: document.ids, place: place.path, scratch: `${state}/mount`, signal },
    );
  } finally {
    await place.remove();
    release();
  }
}

function referencesOf(document: ImageDocument): string[] {
  return document.images.flatMap(({ references }) => references);
}

function damaged(directory: string, what: string): AnyarchError {
  return new AnyarchError('ANYARCH_STATE_INVALID', `${directory}: ${what}`, {
    hint: `remove it; it is unpacked again when it is needed: anyarch image remove ${directory.slice(-64)}`,
  });
}
