import type { Reference } from '../core/oci/reference.ts';
import type { RegistryHost } from './connection.ts';
import type { Pulled, PullOptions } from './pull.ts';
import type { PushOptions, PushResult } from './push.ts';
import type { RemoteImage, RemoteImageOptions } from './remote-image.ts';

export type { ConnectionOptions, RegistryHost } from './connection.ts';
export type { Pulled, PullOptions } from './pull.ts';
export type { Pushed, PushOptions, PushResult } from './push.ts';
export { hostnameOf, isLoopback } from './reach.ts';
export type { RemoteImage } from './remote-image.ts';

// HTTP takes time to load: only who talks to a registry pays for it.

/** See `pushImages` in push.ts. */
export async function pushImages(
  host: RegistryHost,
  directory: string,
  references: readonly Reference[],
  options: PushOptions,
): Promise<PushResult[]> {
  return await (await import('./push.ts')).pushImages(host, directory, references, options);
}

/** See `pullImage` in pull.ts. */
export async function pullImage(
  host: RegistryHost,
  reference: Reference,
  directory: string,
  options: PullOptions,
): Promise<Pulled> {
  return await (await import('./pull.ts')).pullImage(host, reference, directory, options);
}

/** See `openRemoteImage` in remote-image.ts. */
export async function openRemoteImage(
  host: RegistryHost,
  reference: Reference,
  options: RemoteImageOptions,
): Promise<RemoteImage> {
  return await (await import('./remote-image.ts')).openRemoteImage(host, reference, options);
}
