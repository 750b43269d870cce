import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { GuestLimits } from './limits.ts';
import { availableControllers, makeGroup, removeGroup } from './new-group.ts';
import { ownGroups } from './own-groups.ts';
import type { OwnGroup } from './own-groups.ts';
import { scopeCommand } from './scope.ts';
import type { ScopeCommand } from './scope.ts';
import { controllersOf, settingsOf } from './settings.ts';

/** How a guest is held to its limits. */
export interface Confinement {
  /** What the launcher is started by, where it is not by itself. */
  readonly scope?: (guest: Readonly<Record<string, string>>) => ScopeCommand;
  /** Files that the launcher writes itself to. */
  readonly processes: readonly string[];
  /** Removes what was made for it, once the guest has ended. */
  readonly remove: () => void;
}

export const unconfined: Confinement = { processes: [], remove: () => undefined };

type Parts = Pick<Host, 'files' | 'system' | 'clock' | 'log'>;

/**
 * A scope of systemd where it runs, else control groups of our own making, of either version.
 *
 * @throws AnyarchError ANYARCH_LIMITS; `details.rejected` says why for each way
 */
export function confine(host: Parts, limits: GuestLimits): Confinement {
  const groups = ownGroups(host);
  const unified = groups.find(({ version }) => version === 2);
  const scope = scopeCommand(host, unified, limits);
  if (typeof scope === 'function') return { ...unconfined, scope };
  const { made, reasons } = makeGroups(host, groups, limits);
  const remove = (): void => {
    for (const directory of made) removeGroup(host, directory);
  };
  if (reasons.length === 0)
    return { processes: made.map((directory) => `${directory}/cgroup.procs`), remove };
  remove();
  throw new AnyarchError('ANYARCH_LIMITS', `the guest cannot be limited here: ${reasons.join('; ')}`, {
    hint:
      host.system.uid === 0
        ? 'run it in a container or a unit that has limits, or leave out --memory, --cpus and --pids-limit'
        : 'run it where systemd runs for your user, in a control group that you were given, or as root; or leave out --memory, --cpus and --pids-limit',
    details: { rejected: [scope.reason, ...reasons] },
  });
}

/** A group in each hierarchy that has one of the controllers; version 1 has a hierarchy for each. */
function makeGroups(
  host: Parts,
  groups: readonly OwnGroup[],
  limits: GuestLimits,
): { readonly made: readonly string[]; readonly reasons: readonly string[] } {
  const wanted = new Set(controllersOf(limits));
  const made: string[] = [];
  const reasons: string[] = [];
  for (const own of groups) {
    const available = availableControllers(host, own);
    const settings = settingsOf(limits, own.version).filter(
      ({ controller }) => wanted.has(controller) && available.includes(controller),
    );
    if (settings.length === 0) continue;
    for (const { controller } of settings) wanted.delete(controller);
    const result = makeGroup(host, own, settings);
    if ('directory' in result) made.push(result.directory);
    else reasons.push(result.reason);
  }
  if (wanted.size > 0) reasons.push(`no control group has the controller ${[...wanted].join(', ')}`);
  return { made, reasons };
}
