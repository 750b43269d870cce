import { findArchitecture, lookUpArchitecture } from './architecture.ts';
import type { Architecture } from './architecture.ts';
import { AnyarchError } from './error.ts';
import { quote } from './text.ts';

/** An OCI platform. Always Linux: nothing else runs here. */
export interface Platform {
  readonly os: 'linux';
  /** Go's name: `arm64`. */
  readonly architecture: string;
  /** `v7`; left out where it is the architecture's only or default one, as containerd does it. */
  readonly variant?: string;
}

/**
 * Reads `linux/arm/v7`, `arm/v7`, `arm64`, or any other name of an architecture that has a platform, and brings it
 * to containerd's normal form: `linux/arm` is `linux/arm/v7`, `linux/arm64/v8` is `linux/arm64`.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function parsePlatform(text: string): Platform {
  const lower = text.toLowerCase();
  const parts = lower.split('/');
  if (parts.length > 1 && parts[0] !== 'linux' && lookUpArchitecture(lower) === undefined) {
    throw unknown(text, 'is no platform of Linux');
  }
  const architecture = findArchitecture(text);
  const named = lower.startsWith('linux/') ? lower : `linux/${lower}`;
  const platform = architecture.platforms.includes(named) ? named : platformOfOtherName(architecture, lower);
  if (platform === undefined) throw unknown(text, `(${architecture.name}) has no OCI platform`);
  const [, name = '', variant] = platform.split('/');
  return normalize(name, variant);
}

/** The variant that Debian's and uname's names of 32-bit arm stand for: armel's baseline is ARMv5TE. */
const variantsOfArm: readonly (readonly [prefix: string, variant: string])[] = [
  ['armel', 'v5'],
  ['armv5', 'v5'],
  ['arm32v5', 'v5'],
  ['armv6', 'v6'],
  ['arm32v6', 'v6'],
];

function platformOfOtherName(architecture: Architecture, name: string): string | undefined {
  const variant =
    architecture.name === 'arm' && variantsOfArm.find(([prefix]) => name.startsWith(prefix))?.[1];
  return variant ? `linux/arm/${variant}` : architecture.platforms[0];
}

function normalize(architecture: string, variant: string | undefined): Platform {
  const defaultVariant = { arm64: 'v8', amd64: 'v1' }[architecture];
  const wanted = architecture === 'arm' ? (variant ?? 'v7') : variant;
  return wanted === undefined || wanted === defaultVariant
    ? { os: 'linux', architecture }
    : { os: 'linux', architecture, variant: wanted };
}

/** `linux/arm/v7` */
export function formatPlatform(platform: Platform): string {
  const variant = platform.variant === undefined ? '' : `/${platform.variant}`;
  return `${platform.os}/${platform.architecture}${variant}`;
}

function unknown(text: string, problem: string): AnyarchError {
  return new AnyarchError('ANYARCH_UNKNOWN_ARCHITECTURE', `${quote(text, 40)} ${problem}`, {
    hint: 'A platform looks like linux/arm64 or linux/arm/v7.',
    details: { name: text.slice(0, 100) },
  });
}
