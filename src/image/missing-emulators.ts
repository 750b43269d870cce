import type { AnyarchError } from '../core/error.ts';
import type { BuildOptions } from './build-options.ts';
import type { HostPlatform } from './host-platform.ts';
import { isForPlatform } from './image.ts';
import type { ObtainedEmulators } from './obtain-emulators.ts';

/** An emulator that was wanted for a platform and is not in its images. */
export interface MissingEmulator {
  /** `linux/arm64` */
  readonly platform: string;
  readonly target: string;
  /** The images are not what was asked for without it. */
  readonly isRequired: boolean;
}

/**
 * What was asked for by its name is required; of "all" only as much that there is something. Nothing is required that
 * nobody has.
 *
 * @param obtained `found`: how many there are
 */
export function judgeMissing(
  platform: HostPlatform,
  { tags, targets, takesWhatThereIs = false }: Pick<BuildOptions, 'tags' | 'targets' | 'takesWhatThereIs'>,
  { found, missing }: { readonly found: number; readonly missing: ObtainedEmulators['missing'] },
): MissingEmulator[] {
  const own = tags.filter((tag) => isForPlatform(tag, platform));
  const named = new Set(
    own.flatMap(({ content, isOptional }) => (content.kind === 'one' && !isOptional ? [content.target] : [])),
  );
  const areTargetsRequired = !takesWhatThereIs || found === 0;
  return missing.map(({ target, isExpected }) => ({
    platform: platform.name,
    target,
    isRequired: !isExpected && (named.has(target) || (areTargetsRequired && targets.includes(target))),
  }));
}

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
