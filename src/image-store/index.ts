import type { Host } from '../host/host.ts';
import type { OpenedImage } from './opened-image.ts';
import type { StoredImage } from './stored-image.ts';
import type { UnpackOptions } from './unpack-options.ts';

export type { OpenedImage, OpenedLayer } from './opened-image.ts';
export type { StoredImage, TreeIds } from './stored-image.ts';
export type { UnpackOptions, UnpackProgress } from './unpack-options.ts';

/**
 * The image's tree in the store; unpacked now unless it is there already.
 *
 * @param state the state directory (host/state-directory.ts)
 * @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_IMAGE_LIMIT, ANYARCH_DISK_FULL …; then nothing was kept
 */
export async function unpackImage(
  host: Host,
  state: string,
  image: OpenedImage,
  options: UnpackOptions = {},
): Promise<StoredImage> {
  await Promise.resolve();
  throw new Error(`not yet: ${state} ${image.reference} ${host.system.pid} ${String(options.signal)}`);
}

/** The tree that `unpackImage` would return, if it is there already. */
export function storedImage(
  host: Host,
  state: string,
  image: Pick<OpenedImage, 'layers'>,
): StoredImage | undefined {
  throw new Error(`not yet: ${state} ${image.layers.length} ${host.system.pid}`);
}

/** The newest tree that this reference was unpacked to, for this platform: for a start without any look at the source. */
export function storedByReference(
  host: Host,
  state: string,
  reference: string,
  platform: StoredImage['platform'],
): StoredImage | undefined {
  throw new Error(`not yet: ${state} ${reference} ${platform.os} ${host.system.pid}`);
}

/**
 * Keeps the image from being removed until the result is called or this process ends, and notes when it was used.
 *
 * @throws AnyarchError ANYARCH_NOT_FOUND when it was removed meanwhile
 */
export function useImage(host: Host, stored: StoredImage): () => void {
  throw new Error(`not yet: ${stored.root} ${host.system.pid}`);
}
