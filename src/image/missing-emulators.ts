import type { AnyarchError } from '../core/error.ts';

/** One line for each package, and not one for each of the 16 targets that a 32-bit host has no emulator for. */
export function missingEmulatorWarnings(platform: string, missing: readonly AnyarchError[]): string[] {
  const targetsOf = new Map<string, string[]>();
  const others: string[] = [];
  for (const { message, details } of missing) {
    const { target, package: source } = details;
    if (typeof target === 'string' && typeof source === 'string') {
      targetsOf.set(source, [...(targetsOf.get(source) ?? []), target]);
    } else {
      others.push(message);
    }
  }
  const lacking = [...targetsOf].map(
    ([source, targets]) => `${source} has no emulator for ${targets.join(', ')}`,
  );
  return [...lacking, ...others].map((text) => `${platform}: ${text}`);
}
