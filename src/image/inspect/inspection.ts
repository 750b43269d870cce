import type { Digest } from '../../core/oci/digest.ts';
import type { ContainerConfig } from '../../core/oci/image-config.ts';

/** What is in a layout, an archive or a repository. */
export interface Inspection {
  readonly format: 'oci' | 'oci-archive' | 'docker-archive' | 'registry';
  readonly tags: readonly InspectedTag[];
  /** Each once, whatever number of tags has it. */
  readonly images: readonly InspectedImage[];
  /** What was read and compared with its digest. */
  readonly verified: { readonly count: number; readonly size: number };
  /** Everything that is not as it should be; empty for what is intact. */
  readonly problems: readonly string[];
}

export interface InspectedTag {
  readonly name: string;
  /** Undefined in docker-archives. */
  readonly digest: Digest | undefined;
  /** Digests in `images`. */
  readonly images: readonly Digest[];
}

export interface InspectedImage {
  /** Of the manifest; of the configuration in docker-archives, which have no manifests. */
  readonly digest: Digest;
  /** `linux/arm/v7` */
  readonly platform: string;
  readonly created: string | undefined;
  readonly config: ContainerConfig;
  readonly annotations: Readonly<Record<string, string>>;
  readonly layers: readonly InspectedLayer[];
  readonly referrers: readonly InspectedReferrer[];
}

export interface InspectedLayer {
  readonly digest: Digest;
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
  /** Undefined where the layer was not read. */
  readonly unpackedSize: number | undefined;
  readonly diffId: Digest | undefined;
  /** What the image's history says about it. */
  readonly createdBy: string | undefined;
}

export interface InspectedReferrer {
  readonly digest: Digest;
  readonly artifactType: string;
  /** For people, of the kinds that anyarch makes: `36 components`. */
  readonly summary: string | undefined;
}
