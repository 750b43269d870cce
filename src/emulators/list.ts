import { architectures, findArchitecture } from '../core/architecture.ts';
import { candidatesFor, type ChooseHost } from './choose.ts';
import type { Candidate } from './emulator.ts';

/** What this machine has for one target. */
export interface ListedEmulators {
  readonly target: string;
  /** Path of the one that is chosen by default; undefined when none can be used. */
  readonly inUse: string | undefined;
  /** All that was found, the preferred ones first, with the reason for each that cannot be used. */
  readonly candidates: readonly Candidate[];
}

/**
 * Everything that is installed or stored; executes what is not from the store.
 *
 * @param targets names of any kind
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function listEmulators(
  host: ChooseHost,
  targets: readonly string[] = architectures.map(({ name }) => name),
): ListedEmulators[] {
  return targets.map((name) => {
    const target = findArchitecture(name).name;
    const candidates = [...candidatesFor(host, target, {})];
    return { target, inUse: candidates.find(({ emulator }) => emulator !== undefined)?.path, candidates };
  });
}
