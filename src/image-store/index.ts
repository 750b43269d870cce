import type { Host } from '../host/host.ts';
import * as find from './find.ts';
import type { OpenedImage } from './opened-image.ts';
import type { RemovedImage, RemoveOptions } from './remove.ts';
import type { StoredImage } from './stored-image.ts';
import type { UnpackOptions } from './unpack-options.ts';
import { holdImage } from './use.ts';
import type { VerifiedImage } from './verify.ts';

export { unpackedSize } from './document.ts';
export { readMembers, type TarTaker } from './members.ts';
export type { TarEntry, TarKind } from './tar/entry.ts';
export { listImages } from './list.ts';
export type { ListedImage } from './list.ts';
export type { Difference } from './listing/compare.ts';
export type { OpenedImage, OpenedLayer } from './opened-image.ts';
export type { RemovedImage, RemoveOptions } from './remove.ts';
export { isSettling } from './settle.ts';
export type { StoredImage, TreeIds } from './stored-image.ts';
export { createMeter, limitsFrom } from './tree/limits.ts';
export type { Limits } from './tree/limits.ts';
export type { UnpackOptions, UnpackProgress } from './unpack-options.ts';
export type { VerifiedImage } from './verify.ts';

// What changes the store is loaded only by who does it: `anyarch run` most often finds the image there.

/**
 * The image's tree in the store; unpacked now unless it is there already.
 *
 * @param state the state directory (host/state-directory.ts)
 * @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_IMAGE_LIMIT, ANYARCH_IMAGE_OWNER, ANYARCH_DIGEST_MISMATCH,
 *   ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_NAMESPACE, ANYARCH_CANCELLED; then nothing was kept
 */
export async function unpackImage(
  host: Host,
  state: string,
  image: OpenedImage,
  options: UnpackOptions = {},
): Promise<StoredImage> {
  return await (await import('./unpack.ts')).unpackImage(host, state, image, options);
}

/** The tree that `unpackImage` would return, if it is there already and known by this digest. */
export function storedImage(
  host: Pick<Host, 'files' | 'system'>,
  state: string,
  image: Pick<OpenedImage, 'layers' | 'digest'>,
): StoredImage | undefined {
  return find.storedImage(host, state, image);
}

/** The newest tree that this reference was unpacked to, for this platform: for a start without any look at the source. */
export function storedByReference(
  host: Pick<Host, 'files' | 'system'>,
  state: string,
  reference: string,
  platform: StoredImage['platform'],
): StoredImage | undefined {
  return find.storedByReference(host, state, reference, platform);
}

/**
 * Keeps the image from being removed until the result is called or this process ends, and notes when it was used.
 *
 * @throws AnyarchError ANYARCH_IMAGE_NOT_STORED when it was removed meanwhile
 */
export function useImage(
  host: Pick<Host, 'files' | 'system' | 'clock'>,
  stored: Pick<StoredImage, 'root'>,
): () => void {
  return holdImage(host, stored.root.slice(0, stored.root.lastIndexOf('/')));
}

/** See `verifyImages` in verify.ts. */
export async function verifyImages(
  host: Host,
  state: string,
  names: readonly string[],
  options?: { readonly signal?: AbortSignal },
): Promise<VerifiedImage[]> {
  return await (await import('./verify.ts')).verifyImages(host, state, names, options);
}

/** See `removeImages` in remove.ts. */
export async function removeImages(
  host: Host,
  state: string,
  names: readonly string[],
  options?: RemoveOptions,
): Promise<RemovedImage[]> {
  return await (await import('./remove.ts')).removeImages(host, state, names, options);
}

/** See `pruneImages` in remove.ts. */
export async function pruneImages(
  host: Host,
  state: string,
  options: RemoveOptions & { readonly olderThanMs: number },
): Promise<RemovedImage[]> {
  return await (await import('./remove.ts')).pruneImages(host, state, options);
}

/** See `removeStore` in remove.ts. */
export async function removeStore(
  host: Host,
  state: string,
  options?: RemoveOptions,
): Promise<RemovedImage[]> {
  return await (await import('./remove.ts')).removeStore(host, state, options);
}
