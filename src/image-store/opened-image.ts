import type { Digest } from '../core/oci/digest.ts';
import type { ImageConfig } from '../core/oci/image-config.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';

/** An image whose files are at hand, as src/image-source finds them; what `unpackImage` takes. */
export interface OpenedImage {
  /** As the user wrote it. */
  readonly reference: string;
  /** Of the image's manifest, or of its configuration where there is no manifest. */
  readonly digest: Digest;
  readonly platform: ImagePlatform;
  readonly config: ImageConfig;
  /** The configuration's text as it was published. */
  readonly configText: string;
  /** The lowest first. */
  readonly layers: readonly OpenedLayer[];
}

/** A local file, or a member of one that is not compressed as a whole. */
export interface OpenedLayer {
  /** SHA-256 of the layer's tar before compression. */
  readonly diffId: Digest;
  /** Absolute. */
  readonly path: string;
  /** Bytes into the file at which the layer begins. */
  readonly offset: number;
  /** Bytes in the file, as they are (compressed or not). */
  readonly size: number;
  /** How many bytes each of them took in what was compressed as a whole, for the limits of unpacking; 1 when left out. */
  readonly share?: number;
}
