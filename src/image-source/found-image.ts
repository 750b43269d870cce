import type { ConnectionOptions, RegistryHost } from '../registry/index.ts';
import type { Limits, OpenedImage } from '../image-store/index.ts';
import type { OnProgress } from '../transfer/index.ts';
import type { WantedPlatform } from './choose-platform.ts';

/** An image that is known by its small documents; its layers may still be elsewhere. */
export interface FoundImage extends Omit<OpenedImage, 'layers'> {
  /** Waits until no other process brings the same image here. @throws AnyarchError ANYARCH_CANCELLED */
  claim(): Promise<void>;
  /**
   * Brings the layers here, each compared with the digest that its manifest has for it.
   *
   * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID, ANYARCH_REGISTRY_…, ANYARCH_DISK_FULL …
   */
  open(): Promise<OpenedImage>;
  /** @param isDone nobody needs what was brought here any more */
  close(isDone: boolean): Promise<void>;
}

/** Of what is on this machine anyway. */
export const nothingToFree: Pick<FoundImage, 'claim' | 'close'> = {
  claim: () => Promise.resolve(),
  close: () => Promise.resolve(),
};

export type SourceHost = RegistryHost;

export interface SourceOptions {
  readonly wanted: WantedPlatform;
  /** The directory for what is brought here until it is unpacked; made when it is missing. */
  readonly workDirectory: string;
  /** Of what is compressed as a whole. */
  readonly limits: Limits;
  /** Of registries. */
  readonly connection: Pick<ConnectionOptions, 'authfile' | 'insecure' | 'retryMs'>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}
