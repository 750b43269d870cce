import { lookUpArchitecture } from '../../core/architecture.ts';
import { debianArchitecture } from '../../core/debian-architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { setFormat } from '../make-set.ts';
import { openOffers, type Offers } from '../../debian/index.ts';
import { toolTreeDirectory } from '../places.ts';
import { planTools, type PlanInput, type ToolPlan } from '../plan/plan-tools.ts';
import { packageSide, type PackageSide } from '../plan/side.ts';
import { withTreeLock } from '../store/lock.ts';
import { renewStamps, staleSets } from '../store/renew-stamps.ts';
import { settleTree } from '../store/settle.ts';
import type { Tool, ToolGroup } from '../tool.ts';
import { digestOfValue } from './digest.ts';
import { makeSets } from './make-sets.ts';
import type { PrepareOptions } from './options.ts';
import { presentSets } from './present-sets.ts';
import type { PrepareReport, PreparedSet } from './report.ts';
import { plannedTool } from './report-tool.ts';
import { wantedTools } from './wanted-tools.ts';

/**
 * Makes the native tools of a guest, as far as Debian has them in the guest's versions: every package verified, every tool
 * tested against the emulated one. Can be repeated and interrupted at any time; what is there already is found again.
 *
 * @throws AnyarchError what fetching emulators throws; ANYARCH_HOST_UNSUPPORTED, ANYARCH_LOCKED, ANYARCH_DISK_FULL,
 *   ANYARCH_PERMISSION, ANYARCH_CANCELLED
 */
export async function prepareTools(host: Host, options: PrepareOptions): Promise<PrepareReport> {
  const { guest, state } = options;
  const sides = { guest: packageSide(guest.architecture, guest.debian), host: hostSide(host) };
  const wanted = wantedTools(options);
  const offers = await openOffers(host, guest.suite, options);
  try {
    const describe = (sets: readonly PreparedSet[], absent: readonly string[]): PrepareReport => ({
      directory: toolTreeDirectory(state),
      guest: { name: guest.name, architecture: guest.debian, suite: guest.suite },
      mirrors: offers.mirrors,
      missingSuites: offers.missingSuites,
      sets,
      absent,
    });
    if (options.dryRun !== true) await renewWhereNeeded(host, options);
    const key = await requestKey(offers, options, sides, wanted);
    const present = presentSets(host, state, key);
    if (present !== undefined) return describe(present.sets, present.absent);
    const input: PlanInput = {
      tools: wanted,
      ...sides,
      installed: guest.installed,
      offeredToGuest: await offers.readAll(sides.guest.debian),
      offeredToHost: await offers.readAll(sides.host.debian),
    };
    const plan = planTools(input);
    if (options.dryRun === true) return describe(plannedSets(plan, wanted), plan.absent);
    const sets = await withTreeLock(host, state, options.signal, async () => {
      settleTree(host, state);
      return await makeSets(host, { options, offers, sides, input, plan, requestKey: key });
    });
    return describe(sets, plan.absent);
  } finally {
    await offers.close();
  }
}

/** A tree that was copied or restored is emulated until its digests were verified again. */
async function renewWhereNeeded(host: Host, { state, signal }: PrepareOptions): Promise<void> {
  if (staleSets(host.files, state).length === 0) return;
  await withTreeLock(host, state, signal, () => {
    renewStamps(host, state);
    settleTree(host, state);
    return Promise.resolve();
  });
}

function hostSide(host: Pick<Host, 'system'>): PackageSide {
  const { machine } = host.system;
  const architecture = lookUpArchitecture(machine);
  const debian = architecture === undefined ? undefined : debianArchitecture(machine);
  if (architecture !== undefined && debian !== undefined) return packageSide(architecture, debian);
  throw new AnyarchError('ANYARCH_HOST_UNSUPPORTED', `Debian has no packages for ${machine} hosts`, {
    details: { machine },
  });
}

/** Of everything that the outcome depends on. */
async function requestKey(
  offers: Offers,
  { guest, version }: PrepareOptions,
  sides: { readonly guest: PackageSide; readonly host: PackageSide },
  tools: readonly Tool[],
): Promise<string> {
  const digest = digestOfValue({
    format: setFormat,
    version,
    lists: await offers.digests([sides.guest.debian, sides.host.debian]),
    host: sides.host.debian,
    guest: sides.guest.debian,
    suite: guest.suite,
    installed: guest.installed === undefined ? null : Object.fromEntries(guest.installed),
    // Data without functions.
    tools: JSON.stringify(tools),
  });
  return digest.slice(0, 32);
}

function plannedSets(plan: ToolPlan, tools: readonly Tool[]): PreparedSet[] {
  const groups = [...new Set(tools.map(({ group }) => group))];
  return groups
    .map((group: ToolGroup): PreparedSet => ({
      group,
      set: undefined,
      guestArchitecture: 'any',
      outcome: 'planned',
      bytes: 0,
      tools: plan.planned.filter(({ tool }) => tool.group === group).map((one) => plannedTool(one)),
      leftOut: plan.leftOut.filter((one) => one.group === group),
    }))
    .filter((one) => one.tools.length > 0 || one.leftOut.length > 0);
}
