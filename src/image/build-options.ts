import type { Compression } from '../core/oci/media-types.ts';
import type { FetchHost } from '../emulators/index.ts';
import type { OnProgress } from '../transfer/index.ts';
import type { EmulatorOrigin } from './obtain-emulators.ts';
import type { ImageFacts } from './annotations.ts';
import type { ImageTag } from './content/tag.ts';
import type { HostPlatform } from './host-platform.ts';

/**
 * - `oci`: an image layout, a directory; `oci-archive`: the same as a tar
 * - `docker-archive`: what `docker load` reads, of one platform
 */
export type OutputFormat = 'oci' | 'oci-archive' | 'docker-archive';

export interface BuildOptions {
  /** Without duplicates. */
  readonly tags: readonly ImageTag[];
  readonly platforms: readonly HostPlatform[];
  /** QEMU's names of what the tags with all emulators hold. */
  readonly targets: readonly string[];
  /** The targets are all that there are: what a platform does not have is left out, unless it has none of them. */
  readonly takesWhatThereIs?: boolean | undefined;
  readonly emulators: EmulatorOrigin;
  /** Directory with `linux-amd64/anyarch` and so on. */
  readonly programs: string;
  /** Text of the project's licence. */
  readonly licence: string;
  readonly output: string;
  readonly format: OutputFormat;
  readonly compression: Compression;
  /** Repository, as `docker.io/library/anyarch`. */
  readonly name: string;
  readonly facts: ImageFacts;
  /** Attach a bill of materials and the provenance to every image. */
  readonly attestations: boolean;
  /** Where packed layers are kept. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

export type BuildHost = FetchHost;
