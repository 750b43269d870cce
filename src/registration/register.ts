import { AnyarchError } from '../core/error.ts';
import { requireEmulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import type { Applied } from './apply-action.ts';
import { carryOut } from './carry-out.ts';
import { withLedgerLock } from './ledger.ts';
import { findNative } from './native.ts';
import { emulatedSelfError } from './emulated-self.ts';
import { planRegistration } from './plan.ts';
import type { Plan } from './plan-data.ts';
import { withProver, type Proof, type Prover } from './prove.ts';
import { reportOf, resultOf, type ArchitectureResult, type RegistrationReport } from './report.ts';
import { survey, type Survey } from './survey.ts';
import { ensureMounted, touchAutofs, type Table } from './table.ts';
import { withTableLock } from './table-lock.ts';
import type { TakingOver } from './take-over.ts';
import { choose, type Choice, type Choose, type FlagOptions } from './want.ts';
import type { WishChange } from './wishes.ts';

export interface RegisterOptions extends FlagOptions {
  /** Names of any kind; `all`: everything that there is an emulator for. */
  readonly architectures: readonly string[] | 'all';
  /** Also remove what else is ours, and QEMU entries of our predecessors; never the distribution's. */
  readonly reset?: boolean;
  /**
   * Replace entries of our predecessors for the wanted architectures; those that a container of ours made look like them.
   */
  readonly adopt?: boolean;
  /**
   * Entries of others, whoever they are, that ours take the places of, under the same names (`takingOver`): `release`
   * gives them back. Without `architectures` (an empty list) those are registered that these entries are for.
   */
  readonly takeOver?: TakingOver;
  /**
   * Register architectures that run natively, too, and with `credentials` emulators that others than root can replace;
   * with `takeOver`, entries that could not be given back as they are.
   */
  readonly force?: boolean;
  /** Change nothing, report what would be done. */
  readonly dryRun?: boolean;
  /**
   * Take emulators that are not in this file system at their word; a probe that does not find one proves nothing,
   * and is no failure.
   */
  readonly unseen?: boolean;
  /** Version or path of the emulator. */
  readonly qemu?: string;
  /** Default `stateDirectory`. */
  readonly state?: string;
  /** What the ledger says it was made by; default: the command as typed (`host.system.command`). */
  readonly by?: string;
  /** Default: `requireEmulator` of emulators/, dynamic ones only without flag F. */
  readonly choose?: Choose;
}

/**
 * Registers emulators in the table in force, proves each by executing a probe, and records them. Architectures fail
 * one by one; what concerns all of them is thrown.
 *
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_BINFMT_…, ANYARCH_PERMISSION, ANYARCH_LEDGER_INVALID,
 *   ANYARCH_LOCKED, ANYARCH_EMULATOR_NOT_FOUND (with `all`), ANYARCH_HOST_UNSUPPORTED where this program is emulated itself
 */
export function register(host: Host, options: RegisterOptions): RegistrationReport {
  const state = options.state ?? stateDirectory(host.system);
  return withProver(host, state, (prover) => {
    if (options.dryRun === true) {
      touchAutofs(host);
      return report(host, prepare(host, state, prover, options), [], true);
    }
    ensureMounted(host);
    return withRegistrationLock(host, state, () => {
      const prepared = prepare(host, state, prover, options);
      const tolerant = options.unseen === true ? tolerating(host, prover, prepared.plan) : prover;
      const wishes = wishesOf(options, prepared.choice);
      const parts = { state, prover: tolerant, by: options.by, wishes, plan: prepared.planFor };
      return report(host, prepared, carryOut(host, parts, prepared), false);
    });
  });
}

/**
 * Two locks: the ledger's keeps commands apart that have the same state, the table's those of different containers. Always
 * in this order, or two would wait for each other.
 *
 * @throws AnyarchError ANYARCH_LOCKED
 */
export function withRegistrationLock<T>(host: Host, state: string, action: () => T): T {
  host.files.makeDirectory(state, 0o755);
  return withTableLock(host, () => withLedgerLock(host, state, action));
}

interface Prepared {
  readonly survey: Survey;
  readonly choice: Choice;
  readonly plan: Plan;
  /** The same wishes, by what is there at another moment. */
  readonly planFor: (found: Survey) => Plan;
}

function prepare(host: Host, state: string, prover: Prover, options: RegisterOptions): Prepared {
  const found = survey(host, state);
  refuseDisabled(found.table);
  const { architectures: native, emulated } = findNative(host, found.table, prover);
  if (emulated !== undefined) throw emulatedSelfError(emulated, native, found.table.path);
  const force = options.force ?? false;
  const taking = options.takeOver?.(host, found, { asked: options.architectures, native, force });
  const all = choose(host, taking?.wanted ?? options.architectures, native, {
    ...options,
    choose:
      options.choose ??
      ((target) =>
        requireEmulator(host, target, { qemu: options.qemu, allowDynamic: options.fixBinary === false })),
  });
  const chosen = taking?.narrow(all) ?? all;
  if (options.architectures === 'all' && chosen.wanted.length === 0) throw noEmulator();
  const planFor = ({ entries, adoptions }: Survey): Plan =>
    planRegistration({
      entries,
      adoptions,
      wanted: chosen.wanted,
      native,
      reset: options.reset ?? false,
      adopt: options.adopt ?? false,
      takeOver: taking?.byArchitecture,
      spared: chosen.failed,
      force,
    });
  return { survey: found, choice: chosen, plan: planFor(found), planFor };
}

/** With `reset`, what was wished for before and neither is now nor was refused is over. */
function wishesOf({ reset = false, ...options }: RegisterOptions, { order }: Choice): WishChange {
  const isOver = (architecture: string) => reset && !order.includes(architecture);
  return { drops: ({ architecture }) => isOver(architecture), letsGo: isOver, asked: options };
}

/** Where the interpreter is not in this file system, ENOENT says nothing about those that it is in. */
function tolerating(host: Pick<Host, 'files'>, prover: Prover, plan: Plan): Prover {
  const missing = new Map(
    plan.flatMap(({ architecture, emulator }) =>
      architecture === undefined || emulator === undefined || host.files.status(emulator.path) !== undefined
        ? []
        : [[architecture, emulator.path]],
    ),
  );
  const judged = (architecture: string, proof: Proof): Proof => {
    const path = missing.get(architecture);
    const isUnseen =
      path !== undefined &&
      proof.status === 'failed' &&
      proof.outcome.kind === 'refused' &&
      proof.outcome.errno === 'ENOENT';
    return isUnseen
      ? { status: 'not-tried', reason: `the interpreter ${path} is not in this file system` }
      : proof;
  };
  return {
    ...prover,
    prove: (architectures) =>
      new Map([...prover.prove(architectures)].map(([name, proof]) => [name, judged(name, proof)])),
  };
}

/** It belongs to the administrator and concerns everybody's entries: never written by anyarch. */
function refuseDisabled({ path, state, enabled }: Table): void {
  if (state !== 'mounted' || enabled) return;
  throw new AnyarchError(
    'ANYARCH_BINFMT_DISABLED',
    `binfmt_misc is switched off as a whole: ${path}/status says disabled`,
    {
      hint: `switch it on, for everybody's entries: echo 1 > ${path}/status`,
    },
  );
}

function noEmulator(): AnyarchError {
  return new AnyarchError(
    'ANYARCH_EMULATOR_NOT_FOUND',
    'there is no emulator to register for any architecture',
    {
      hint: 'anyarch emulators fetch',
    },
  );
}

function report(
  host: Host,
  { choice, plan }: Prepared,
  applied: readonly Applied[],
  dryRun: boolean,
): RegistrationReport {
  const done = dryRun
    ? plan.map((action): Applied => ({ action, proof: undefined, error: action.error }))
    : applied;
  const results: ArchitectureResult[] = [...done.map(resultOf), ...choice.results];
  return reportOf(host.binfmt.path, dryRun, inOrder(results, choice.order));
}

/** As they were asked for; what was removed besides comes last. */
function inOrder(results: readonly ArchitectureResult[], order: readonly string[]): ArchitectureResult[] {
  const positionOf = ({ architecture, action }: ArchitectureResult): number => {
    const position = architecture === undefined || action === 'remove' ? -1 : order.indexOf(architecture);
    return position === -1 ? order.length : position;
  };
  return results.toSorted((a, b) => positionOf(a) - positionOf(b));
}
