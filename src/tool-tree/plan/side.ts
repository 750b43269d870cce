import type { Architecture } from '../../core/architecture.ts';

/** Where packages are for: guests or this host. */
export interface PackageSide {
  readonly architecture: Architecture;
  /** Debian's name. */
  readonly debian: string;
  /** The GNU triplet in Debian's paths. */
  readonly triplet: string;
}

export function packageSide(architecture: Architecture, debian: string): PackageSide {
  return { architecture, debian, triplet: tripletOf(architecture, debian) };
}

/** dpkg-architecture(1), DEB_HOST_MULTIARCH. */
function tripletOf({ triplets }: Architecture, debian: string): string {
  if (debian === 'armel') return 'arm-linux-gnueabi';
  if (debian === 'i386') return 'i386-linux-gnu';
  return triplets[0] ?? '';
}

/** What Go calls it: `linux/arm/v7` is `arm`. */
export function goArchitecture({ architecture }: Pick<PackageSide, 'architecture'>): string {
  return architecture.platforms[0]?.split('/')[1] ?? architecture.name;
}

/** Directories of shared libraries in packages, as the loader looks through them; without and with a merged /usr. */
export function libraryDirectories({ triplet }: Pick<PackageSide, 'triplet'>): string[] {
  return [`usr/lib/${triplet}`, `lib/${triplet}`, 'usr/lib64', 'lib64', 'usr/lib', 'lib'];
}
