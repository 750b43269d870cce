import { findArchitecture } from '../core/architecture.ts';
import { debianArchitecture } from '../core/debian-architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { formatImagePlatform, imagePlatform, type ImagePlatform } from '../core/oci/image-platform.ts';
import { parsePlatform } from '../core/platform.ts';

/** A kind of machine that images are for. */
export interface HostPlatform extends ImagePlatform {
  /** `linux/arm/v7` */
  readonly name: string;
  /** The same as a part of file names: `linux-arm-v7`. */
  readonly fileName: string;
  /** QEMU's name of its architecture. */
  readonly host: string;
  /** What `uname -m` says there. */
  readonly machine: string;
  /** Debian's name. */
  readonly debian: string;
}

/** What the program is built for. */
export const platformNames: readonly string[] = [
  'linux/amd64',
  'linux/arm64',
  'linux/arm/v7',
  'linux/ppc64le',
  'linux/s390x',
  'linux/riscv64',
  'linux/386',
];

/**
 * @param text any name of an architecture or platform
 * @throws AnyarchError ANYARCH_USAGE for what the program is not built for, ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function hostPlatform(text: string): HostPlatform {
  const platform = imagePlatform(parsePlatform(text));
  const name = formatImagePlatform(platform);
  const architecture = findArchitecture(name);
  const [machine, debian] = [architecture.machines[0], debianArchitecture(name)];
  if (!platformNames.includes(name) || machine === undefined || debian === undefined) {
    throw new AnyarchError('ANYARCH_USAGE', `--platform ${name}: there are no images for it`, {
      hint: `platforms are ${platformNames.join(', ')}`,
    });
  }
  return {
    ...platform,
    name,
    fileName: name.replaceAll('/', '-'),
    host: architecture.name,
    machine,
    debian,
  };
}
