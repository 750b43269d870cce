import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { carryOut } from './carry-out.ts';
import { checkedResults } from './checked-results.ts';
import { recordsOf } from './ledger.ts';
import type { Wish } from './ledger-document.ts';
import type { KnownEntry, Plan } from './plan-data.ts';
import { adoptedEntries, planRelease } from './plan-release.ts';
import { removeOnly } from './plan.ts';
import { withProver } from './prove.ts';
import { withRegistrationLock } from './register.ts';
import { blankResult, reportedError, reportOf, resultOf } from './report.ts';
import type { ArchitectureResult, RegistrationReport } from './report.ts';
import { survey, type Survey } from './survey.ts';
import { entryNotFound } from './take-over.ts';
import { readTable, touchAutofs } from './table.ts';
import { forgetWishes } from './wishes.ts';

export interface ReleaseOptions {
  /** Of entries that `register` took over with `takeOver`; `all`: of all of them. */
  readonly names: readonly string[] | 'all';
  /** Removes ours where the entry cannot be given back. */
  readonly force?: boolean;
  /** Change nothing, report what would be done. */
  readonly dryRun?: boolean;
  /** Default `stateDirectory`. */
  readonly state?: string;
  /** What the ledger says it was done by; default: the command as typed. */
  readonly by?: string;
}

/**
 * Gives entries back to those whom they were taken from: ours are swapped for the originals without a gap. What its owner
 * has registered again by now is left alone.
 *
 * @throws AnyarchError ANYARCH_BINFMT_…, ANYARCH_PERMISSION, ANYARCH_LEDGER_INVALID, ANYARCH_LOCKED
 */
export function release(host: Host, options: ReleaseOptions): RegistrationReport {
  const state = options.state ?? stateDirectory(host.system);
  const plan = ({ entries }: Survey) => planFor(entries, options);
  touchAutofs(host);
  const first = survey(host, state);
  const isNothingToDo = plan(first).length === 0;
  if (options.dryRun !== true)
    forgetWishes(host, state, { drops: (wish) => isReclaimed(first, wish.entry, options) });
  if (options.dryRun === true || isNothingToDo) {
    const planned = plan(first).map((action) => resultOf({ action, proof: undefined, error: action.error }));
    return reportOf(host.binfmt.path, options.dryRun === true, [...planned, ...notAdopted(first, options)]);
  }
  return withRegistrationLock(host, state, () =>
    withProver(host, state, (prover) => {
      const found = survey(host, state);
      const released = new Set(targetsOf(found.entries, options).map(({ architecture }) => architecture));
      const isReleased = (architecture: string) => released.has(architecture);
      const wishes = { drops: ({ architecture }: Wish) => isReleased(architecture), letsGo: isReleased };
      const parts = { state, prover, by: options.by, wishes, plan };
      const applied = carryOut(host, parts, { survey: found, plan: plan(found) });
      const results = checkedResults(applied, readTable(host), prover);
      return reportOf(host.binfmt.path, false, [...results, ...notAdopted(found, options)]);
    }),
  );
}

type Target = ReturnType<typeof adoptedEntries>[number];

function targetsOf(entries: readonly KnownEntry[], { names, force = false }: ReleaseOptions): Target[] {
  return adoptedEntries(entries).filter(({ adoption: { was } }) =>
    names === 'all' ? force || was.rule !== '' : names.includes(was.name),
  );
}

function planFor(entries: readonly KnownEntry[], options: ReleaseOptions): Plan {
  const targets = targetsOf(entries, options);
  const isLost = ({ adoption }: Target) => options.force === true && adoption.problem !== undefined;
  return [
    ...targets.filter((one) => !isLost(one)).map((one) => planRelease(one, entries)),
    ...removeOnly(targets.filter(isLost)),
  ];
}

/** Who gives an entry back does not ask for ours any more, though its owner was quicker. */
function isReclaimed({ entries }: Survey, name: string | undefined, { names }: ReleaseOptions): boolean {
  return entries.some(
    ({ listed, isReclaimed: isTheirs }) =>
      isTheirs === true && listed.name === name && (names === 'all' || names.includes(name)),
  );
}

/** What was asked for by name, and that nothing can be done about. */
function notAdopted(found: Survey, options: ReleaseOptions): ArchitectureResult[] {
  if (options.names === 'all') return [];
  const targets = targetsOf(found.entries, options);
  return options.names
    .filter((name) => !targets.some(({ adoption }) => adoption.was.name === name))
    .map((name) => ({ ...nothingToGive(found, name), name }));
}

function nothingToGive({ entries, recorded, place, table }: Survey, name: string): ArchitectureResult {
  const known = entries.find(({ listed }) => listed.name === name);
  if (known?.isReclaimed === true)
    return blankResult(known.architecture, 'absent', `${known.owner.kind} has registered it again`);
  const wasAdopted = recordsOf(recorded, name, place).some(({ adopted }) => adopted?.name === name);
  if (known === undefined && wasAdopted)
    return blankResult(undefined, 'absent', 'somebody has removed it and ours');
  const error =
    known === undefined
      ? entryNotFound(name, table.path)
      : new AnyarchError(
          'ANYARCH_NOT_ADOPTED',
          `${name} (${known.owner.kind}: ${known.owner.evidence}) was never taken over, so there is nothing to give back`,
          { hint: 'anyarch status shows what was; what anyarch made itself goes with: anyarch unregister' },
        );
  return { ...blankResult(known?.architecture, 'refuse', 'refused'), error: reportedError(error) };
}
