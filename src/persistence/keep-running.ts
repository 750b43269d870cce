import { lookUpArchitecture } from '../core/architecture.ts';
import { chooseEmulator, requireEmulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { register, survey, type RegistrationReport } from '../registration/index.ts';
import type { BootEntry } from './boot-entry.ts';
import type { DisableOptions } from './options.ts';
import { groupByFlags } from './select.ts';

/** Those that are registered by us, or that another entry of ours stands in for; what is somebody else's is not. */
export function liveAmong(host: Host, state: string, entries: readonly BootEntry[]): BootEntry[] {
  const own = survey(host, state, { tolerant: true }).entries.filter(({ owner }) => owner.kind === 'anyarch');
  return entries.filter(({ target }) => own.some(({ architecture }) => architecture === target));
}

/**
 * Entries whose files went still run what the kernel has pinned; where there is another emulator they get that.
 *
 * @param live `liveAmong`, before anything was taken away
 * @throws AnyarchError what `register` of registration/ throws
 */
export function keepRunning(
  host: Host,
  state: string,
  { by, interposed = (emulator) => emulator }: Pick<DisableOptions, 'by' | 'interposed'>,
  live: readonly BootEntry[],
): { registrations: readonly RegistrationReport[]; notes: readonly string[] } {
  if (host.binfmt.state() !== 'mounted') return { registrations: [], notes: [] };
  const replaceable = live.filter(({ target }) => chooseEmulator(host, target).emulator !== undefined);
  const pinned = live.filter((entry) => !replaceable.includes(entry));
  const groups = groupByFlags(replaceable.map(({ target, rule }) => ({ target, flags: rule.flags })));
  const registrations = groups.map(([flags, architectures]) =>
    register(host, {
      architectures,
      credentials: flags.credentials,
      fixBinary: flags.fixBinary,
      preserveArgv0: flags.preserveArgv0,
      state,
      choose: (target) => interposed(requireEmulator(host, target, { allowDynamic: !flags.fixBinary })),
      ...(by === undefined ? {} : { by }),
    }),
  );
  const names = pinned.map(({ target }) => lookUpArchitecture(target)?.debian[0] ?? target).join(', ');
  return {
    registrations,
    notes:
      pinned.length === 0
        ? []
        : [
            `${names}: registered until the next reboot with the file that the kernel keeps open; no other emulator is on this machine`,
          ],
  };
}
