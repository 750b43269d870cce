import type { ErrorCode } from '../core/error-code.ts';
import type { AnyarchError } from '../core/error.ts';
import type { Applied } from './apply-action.ts';
import type { Adopted, Registration } from './ledger-document.ts';
import type { PlanAction, PlanStep, RemovedEntry } from './plan-data.ts';
import { ruleText } from './rule-text.ts';

/** An error as data, for `--json`. */
export interface ReportedError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint: string | undefined;
}

interface ReportedStep {
  readonly kind: PlanStep['kind'];
  readonly name: string | undefined;
  /** The text written to `register`. */
  readonly rule: string | undefined;
}

export interface ArchitectureResult {
  /** QEMU's target name; undefined for a removed entry that belongs to none. */
  readonly architecture: string | undefined;
  /**
   * What was done, or with `dryRun` would be; with `error` it failed. `skip`: not wanted here (native, or `all` and no
   * emulator); `absent`: there was nothing of ours to remove; `release`: what has made way for ours was given back.
   */
  readonly action: PlanAction['kind'] | 'skip' | 'absent';
  /** The entry's name. */
  readonly name: string | undefined;
  readonly rule: string | undefined;
  readonly emulator: Registration['emulator'] | undefined;
  /** Whether a probe ran (after removal: whether it is refused); undefined when none was executed. */
  readonly proven: boolean | undefined;
  readonly reason: string;
  readonly steps: readonly ReportedStep[];
  /** Older entries of others that are out of force now. */
  readonly shadows: readonly string[];
  /** After removal: the entry of others that takes the architecture's programs now. */
  readonly inForce: string | undefined;
  /** Of an entry that is removed (with `dryRun` would be) and that nothing replaces: what it was. */
  readonly removed: RemovedEntry | undefined;
  /** The entry of others whose place ours has taken, or with `release` that is there again. */
  readonly adopted:
    | { readonly name: string; readonly owner: string; readonly text: string; readonly isRestorable: boolean }
    | undefined;
  readonly error: ReportedError | undefined;
}

export interface RegistrationReport {
  /** `partial`: some architectures failed, each with its error. */
  readonly outcome: 'ok' | 'partial' | 'failed';
  readonly dryRun: boolean;
  /** Where the table is mounted. */
  readonly table: string;
  readonly results: readonly ArchitectureResult[];
}

export function reportOf(
  table: string,
  dryRun: boolean,
  results: readonly ArchitectureResult[],
): RegistrationReport {
  const counted = results.filter(({ action }) => action !== 'skip');
  const failed = counted.filter(({ error }) => error !== undefined).length;
  const outcome = failed === 0 ? 'ok' : failed === counted.length ? 'failed' : 'partial';
  return { outcome, dryRun, table, results };
}

export function resultOf({ action, proof, error }: Applied): ArchitectureResult {
  const { emulator } = action;
  return {
    ...blankResult(action.architecture, action.kind, action.reason),
    name: action.name,
    rule: action.rule === undefined ? undefined : ruleText(action.rule),
    emulator:
      emulator === undefined
        ? undefined
        : {
            path: emulator.path,
            version: emulator.version,
            sha256: emulator.sha256,
            interposed: emulator.interposed,
          },
    proven: error?.code === 'ANYARCH_PROBE_FAILED' ? false : proof?.status === 'proven' ? true : undefined,
    steps: action.steps.map(reportedStep),
    shadows: action.shadows,
    removed: action.removed,
    adopted: action.adopted === undefined ? undefined : reportedAdopted(action.adopted),
    error: error === undefined ? undefined : reportedError(error),
  };
}

export function blankResult(
  architecture: string | undefined,
  action: ArchitectureResult['action'],
  reason: string,
): ArchitectureResult {
  return {
    architecture,
    action,
    name: undefined,
    rule: undefined,
    emulator: undefined,
    proven: undefined,
    reason,
    steps: [],
    shadows: [],
    inForce: undefined,
    removed: undefined,
    adopted: undefined,
    error: undefined,
  };
}

export function reportedError({ code, message, hint }: AnyarchError): ReportedError {
  return { code, message, hint };
}

function reportedAdopted({ name, owner, text, rule }: Adopted): ArchitectureResult['adopted'] {
  return { name, owner, text, isRestorable: rule !== '' };
}

function reportedStep(step: PlanStep): ReportedStep {
  switch (step.kind) {
    case 'register':
      return { kind: 'register', name: step.rule.name, rule: ruleText(step.rule) };
    case 'remove':
    case 'disable':
      return { kind: step.kind, name: step.name, rule: undefined };
    case 'prove':
      return { kind: 'prove', name: undefined, rule: undefined };
  }
}
