import { AnyarchError } from '../core/error.ts';
import { requireEmulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { persistedEmulators } from '../host/system-directory.ts';
import { register, type ArchitectureResult } from '../registration/index.ts';
import type { WantedRegistration } from './wanted.ts';

export interface ReassertOptions {
  readonly state: string;
  /** Entries that containers of ours made earlier look like those of our predecessors. */
  readonly adopt: boolean;
  /** Only find out what would be done. */
  readonly dryRun: boolean;
}

/**
 * Registers and proves, all with the same wishes together, as `register` does by command.
 *
 * @param isWanted asked again while nobody else may change anything: what was unregistered meanwhile stays so
 * @returns one for each; what is not wanted any more has none
 */
export function reassert(
  host: Host,
  wanted: readonly WantedRegistration[],
  isWanted: (architecture: string) => boolean,
  { state, adopt, dryRun }: ReassertOptions,
): readonly ArchitectureResult[] {
  const groups = new Map<string, WantedRegistration[]>();
  for (const one of wanted) {
    const key = JSON.stringify(one.options);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const left = new Set<string>();
  const results = [...groups.values()].flatMap((group) => {
    const options = group[0]?.options ?? {};
    const { qemu, fixBinary } = options;
    return register(host, {
      ...options,
      architectures: group.map(({ architecture }) => architecture),
      state,
      adopt,
      dryRun,
      choose: (target) => {
        if (!isWanted(target)) {
          left.add(target);
          throw new AnyarchError('ANYARCH_CANCELLED', `${target} is not wanted any more`);
        }
        const emulator = requireEmulator(host, target, { qemu, allowDynamic: fixBinary === false });
        // By the path that the configuration for the next boot names, not where its link leads today.
        return qemu?.startsWith(`${persistedEmulators}/`) === true ? { ...emulator, path: qemu } : emulator;
      },
    }).results;
  });
  return results.filter(
    ({ architecture, action }) =>
      architecture !== undefined && action !== 'remove' && !left.has(architecture),
  );
}
