import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { carryOut } from './carry-out.ts';
import { checkedResults } from './checked-results.ts';
import type { Adoption, Plan } from './plan-data.ts';
import { planRelease } from './plan-release.ts';
import { removeOnly } from './plan.ts';
import { withProver } from './prove.ts';
import { withRegistrationLock } from './register.ts';
import { blankResult, reportedError, reportOf, resultOf } from './report.ts';
import type { ArchitectureResult, RegistrationReport } from './report.ts';
import { survey, type Survey } from './survey.ts';
import { entryNotFound } from './take-over.ts';
import { readTable, touchAutofs } from './table.ts';
import { forgetWishes, type WishChange } from './wishes.ts';

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
  const plan = (found: Survey) => planFor(found, options);
  touchAutofs(host);
  const first = survey(host, state);
  const planned = plan(first);
  if (options.dryRun === true || planned.length === 0) {
    if (options.dryRun !== true) forgetWishes(host, state, endedBy(first, options), options.by);
    const results = planned.map((action) => resultOf({ action, proof: undefined, error: action.error }));
    return reportOf(host.binfmt.path, options.dryRun === true, [...results, ...notGiven(first, options)]);
  }
  return withRegistrationLock(host, state, () =>
    withProver(host, state, (prover) => {
      const found = survey(host, state);
      const parts = { state, prover, by: options.by, wishes: endedBy(found, options), plan };
      const applied = carryOut(host, parts, { survey: found, plan: plan(found) });
      const results = checkedResults(applied, readTable(host), prover);
      return reportOf(host.binfmt.path, false, [...results, ...notGiven(found, options)]);
    }),
  );
}

function targetsOf({ adoptions }: Survey, { names, force = false }: ReleaseOptions): readonly Adoption[] {
  return adoptions.filter(({ was, isBack }) =>
    names === 'all' ? force || isBack || was.rule !== '' : names.includes(was.name),
  );
}

/** Where theirs is there, or cannot be, ours goes. */
function planFor(found: Survey, options: ReleaseOptions): Plan {
  const isToGo = ({ isBack, isHalfBack, problem }: Adoption) =>
    (isBack && !isHalfBack) || (options.force === true && problem !== undefined);
  return targetsOf(found, options).flatMap((one) =>
    isToGo(one) ? removeOnly(one.own) : [planRelease(one, found.entries)],
  );
}

/** Who gives an entry back does not ask for ours any more, though its owner was quicker. */
function endedBy(found: Survey, options: ReleaseOptions): WishChange {
  const architectures = new Set(targetsOf(found, options).map(({ architecture }) => architecture));
  const letsGo = (architecture: string) => architectures.has(architecture);
  return { drops: ({ architecture }) => letsGo(architecture), letsGo };
}

/** What was asked for by name, and that nothing can be done about. */
function notGiven(found: Survey, { names, ...options }: ReleaseOptions): ArchitectureResult[] {
  if (names === 'all') return [];
  return names
    .filter((name) => planFor(found, { ...options, names: [name] }).length === 0)
    .map((name) => ({ ...nothingToGive(found, name), name }));
}

function nothingToGive({ entries, adoptions, table }: Survey, name: string): ArchitectureResult {
  const known = entries.find(({ listed }) => listed.name === name);
  const adoption = adoptions.find(({ was }) => was.name === name);
  if (adoption !== undefined) {
    const reason =
      known === undefined
        ? 'somebody has removed it and ours'
        : adoption.isReclaimed
          ? `${known.owner.kind} has registered it again`
          : 'it was given back';
    return blankResult(adoption.architecture, 'absent', reason);
  }
  const error =
    known === undefined
      ? entryNotFound(name, table.path)
      : new AnyarchError(
          'ANYARCH_NOT_ADOPTED',
          `ours has not taken the place of ${name} (${known.owner.kind}: ${known.owner.evidence}), so there is nothing to give back`,
          { hint: 'anyarch status shows what was; what anyarch made itself goes with: anyarch unregister' },
        );
  return { ...blankResult(known?.architecture, 'refuse', 'refused'), error: reportedError(error) };
}
