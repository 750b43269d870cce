import { lookUpArchitecture } from '../../core/architecture.ts';
import type { Remedy } from '../verdict.ts';

/**
 * An entry of ours with an emulator that is chosen and proven: it is the newest and so the one in force; an older one of ours is
 * replaced, one of others stays below it.
 *
 * @param architectures QEMU's target names
 */
export function registerRemedy(
  architectures: readonly string[],
  does = `register an emulator that is proven by executing a program with it`,
): Remedy {
  return {
    does,
    command: ['anyarch', 'register', ...distinct(architectures).map(commandName)],
    by: 'anyarch',
    needsRoot: true,
  };
}

/** As commands are shown with everywhere: Debian's name, or QEMU's where Debian has none. */
export function commandName(architecture: string): string {
  return lookUpArchitecture(architecture)?.debian[0] ?? architecture;
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)];
}
