import { AnyarchError } from '../core/error.ts';
import { copiedEmulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { register, type RegistrationReport } from '../registration/index.ts';
import { groupByFlags } from './select.ts';
import type { BootState } from './state.ts';

export interface LiveOptions {
  readonly state: string;
  readonly by: string | undefined;
  /** See `RegisterOptions`. */
  readonly force: boolean | undefined;
  /** The link leads to other files than when entries were made: which file an entry has pinned does not show. */
  readonly isSwitched: boolean;
}

/**
 * Registers the entries of a boot now, from the same files, without a gap, and proves each.
 *
 * @throws AnyarchError what `register` of registration/ throws
 */
export function registerNow(
  host: Host,
  { members, entries, directory }: BootState,
  { state, by, force = false, isSwitched }: LiveOptions,
): RegistrationReport[] {
  const emulatorOf = (target: string, path?: string) => {
    const member = members.find((one) => one.target === target);
    if (member === undefined) throw notThere(target);
    const emulator = copiedEmulator(member.description);
    return path === undefined ? emulator : { ...emulator, path };
  };
  const groups = groupByFlags(entries.map(({ target, rule }) => ({ target, flags: rule.flags })));
  const common = { state, force, ...(by === undefined ? {} : { by }) };
  return groups.flatMap(([flags, architectures]) => {
    const { credentials, fixBinary, preserveArgv0 } = flags;
    const wish = { ...common, credentials, fixBinary, preserveArgv0, architectures };
    // By a path that no entry has had: so every entry is made anew, and the second time by its own path.
    if (isSwitched && directory !== undefined) {
      const direct = register(host, {
        ...wish,
        choose: (target) => emulatorOf(target, `${directory}/qemu-${target}`),
      });
      if (direct.outcome !== 'ok') return [direct];
    }
    return [register(host, { ...wish, choose: (target) => emulatorOf(target) })];
  });
}

function notThere(target: string): AnyarchError {
  return new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', `there is no copy of an emulator for ${target}`, {
    hint: `anyarch persist enable ${target}`,
  });
}
