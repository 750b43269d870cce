import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { checkedResults } from './checked-results.ts';
import { hasTablePerNamespace, here, samePlace } from './here.ts';
import { readLedger } from './ledger.ts';
import type { KnownEntry, Plan } from './plan-data.ts';
import { isRemovable } from './owner.ts';
import { planRemoval } from './plan.ts';
import { withProver } from './prove.ts';
import { carryOut } from './carry-out.ts';
import { withRegistrationLock } from './register.ts';
import {
  blankResult,
  reportOf,
  resultOf,
  type ArchitectureResult,
  type RegistrationReport,
} from './report.ts';
import { survey, type Survey } from './survey.ts';
import { ensureMounted, readTable, touchAutofs } from './table.ts';
import { byName } from './want.ts';
import { forgetWishes, type WishChange } from './wishes.ts';

export interface UnregisterOptions {
  /** Names of any kind; `all`: everything that anyarch made. */
  readonly architectures: readonly string[] | 'all';
  /** Only entries with these names, of whichever of the architectures. */
  readonly entries?: readonly string[];
  /** Also QEMU entries of our predecessors; those that a container of ours made look like them. */
  readonly predecessors?: boolean;
  readonly dryRun?: boolean;
  /** Default `stateDirectory`. */
  readonly state?: string;
}

/**
 * Removes what anyarch registered and nothing else, and shows that it is gone, or who takes the programs now. What has
 * made way for ours is given back.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_BINFMT_…, ANYARCH_PERMISSION, ANYARCH_LEDGER_INVALID, ANYARCH_LOCKED
 */
export function unregister(host: Host, options: UnregisterOptions): RegistrationReport {
  const state = options.state ?? stateDirectory(host.system);
  const wish = wishOf(options);
  const wishes = takenBack(wish);
  const plan = (found: Survey) =>
    planRemoval(ours(found.entries, wish), found, wishes.letsGo ?? (() => false));
  if (options.dryRun === true) {
    touchAutofs(host);
    const found = survey(host, state);
    const planned = plan(found);
    const results = planned.map((action) => resultOf({ action, proof: undefined, error: undefined }));
    return reportOf(host.binfmt.path, true, [...results, ...absent(found.entries, wish, planned)]);
  }
  if (!isTableThere(host, state)) {
    forgetWishes(host, state, wishes);
    return reportOf(host.binfmt.path, false, absent([], wish, []));
  }
  ensureMounted(host);
  return withRegistrationLock(host, state, () =>
    withProver(host, state, (prover) => {
      const found = survey(host, state);
      const planned = plan(found);
      const applied = carryOut(host, { state, prover, wishes, plan }, { survey: found, plan: planned });
      const removed = checkedResults(applied, readTable(host), prover);
      return reportOf(host.binfmt.path, false, [...removed, ...absent(found.entries, wish, planned)]);
    }),
  );
}

/**
 * Whether there can be entries to remove: nothing is mounted for the sake of saying that there are none. Before Linux 6.7
 * entries outlived their mount (1c5976ef0f7a, "binfmt_misc: cleanup on filesystem umount"); then what is recorded counts.
 */
function isTableThere(host: Host, state: string): boolean {
  const mountState = host.binfmt.state();
  if (mountState !== 'unmounted' && mountState !== 'unsupported') return true;
  if (hasTablePerNamespace(host.system.kernelRelease)) return false;
  const place = here(host);
  return readLedger(host, state).registrations.some((one) => samePlace(one.place, place));
}

/** What is to be removed. */
interface Wish {
  /** QEMU's target names. */
  readonly architectures: readonly string[] | 'all';
  readonly entries: readonly string[] | undefined;
  readonly predecessors: boolean;
}

function wishOf({ architectures, entries, predecessors = false }: UnregisterOptions): Wish {
  return {
    architectures: architectures === 'all' ? 'all' : byName(architectures).map(({ name }) => name),
    entries,
    predecessors,
  };
}

/** What was asked for is not to come back, whoever's entry it is. */
function takenBack({ architectures, entries }: Wish): WishChange {
  const isMeant = (architecture: string) => architectures === 'all' || architectures.includes(architecture);
  return {
    drops: ({ architecture, entry = '' }) => (entries?.includes(entry) ?? true) && isMeant(architecture),
    ...(entries === undefined ? { letsGo: isMeant } : {}),
  };
}

function ours(entries: readonly KnownEntry[], wish: Wish): KnownEntry[] {
  return entries.filter(
    ({ listed, owner, architecture }) =>
      isRemovable(owner, wish.predecessors) &&
      (wish.entries?.includes(listed.name) ?? true) &&
      (wish.architectures === 'all' || wish.architectures.includes(architecture ?? '')),
  );
}

/** What was asked for by name and is not ours, with the name of what is there. */
function absent(entries: readonly KnownEntry[], wish: Wish, planned: Plan): ArchitectureResult[] {
  const removed = ours(entries, wish);
  const others = entries.filter((entry) => !removed.includes(entry));
  const named = (wish.entries ?? [])
    .filter((name) => !removed.some(({ listed }) => listed.name === name))
    .map((name) => {
      const held = others.filter(({ listed }) => listed.name === name);
      return { ...absence(held[0]?.architecture, held), name };
    });
  if (wish.architectures === 'all') return named;
  const missing = wish.architectures
    .filter((name) => !planned.some(({ architecture }) => architecture === name))
    .map((name) =>
      absence(
        name,
        others.filter(({ architecture }) => architecture === name),
      ),
    );
  return [...named, ...missing];
}

function absence(architecture: string | undefined, others: readonly KnownEntry[]): ArchitectureResult {
  const reason = others
    .map(({ listed, owner }) => `${listed.name} is not anyarch's (${owner.kind}: ${owner.evidence})`)
    .join('; ');
  return {
    ...blankResult(architecture, 'absent', reason === '' ? 'nothing is registered' : reason),
    inForce: others[0]?.listed.name,
  };
}
