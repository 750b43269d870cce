import { findArchitecture } from './architecture.ts';

/**
 * Debian's name for an architecture of any name: `linux/arm64` is `arm64`, `linux/arm/v5` is `armel`, `arm` is
 * `armhf`. Undefined where Debian has none.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function debianArchitecture(name: string): string | undefined {
  const architecture = findArchitecture(name);
  const lower = name.toLowerCase();
  if (architecture.debian.includes(lower)) return lower;
  // armhf needs ARMv7; what is older runs armel.
  const isOld = lower.includes('v5') || lower.includes('v6');
  return architecture.name === 'arm' && isOld ? 'armel' : architecture.debian[0];
}
