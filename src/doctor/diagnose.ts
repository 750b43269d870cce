import { AnyarchError } from '../core/error.ts';
import type { Check } from './check.ts';
import { checks as allChecks } from './checks/index.ts';
import type { CheckResult, Diagnosis } from './diagnosis.ts';
import type { Examination } from './examination.ts';
import { rankCauses, suspectedChecks } from './rank.ts';
import type { Verdict } from './verdict.ts';

export interface DiagnoseOptions {
  /** Told before each check, for progress. */
  readonly onCheck?: (check: Check) => void;
  /** Aborted: what has not been examined stays unknown. */
  readonly signal?: AbortSignal;
  /** Default: all. */
  readonly checks?: readonly Check[];
}

/** Examines everything. Never fails itself: a check that could not run says why. */
export async function diagnose(
  examination: Examination,
  { onCheck, signal, checks = allChecks }: DiagnoseOptions = {},
): Promise<Diagnosis> {
  const results: CheckResult[] = [];
  for (const check of checks) {
    onCheck?.(check);
    results.push(await resultOf(check, examination, signal));
  }
  const { scope, image, file, root, message } = examination;
  return {
    asked: { scope, image, file, root: root === '/' ? undefined : root, message },
    ...rankCauses(checks, results, message),
    suspected: suspectedChecks(checks, message),
    checks: results,
    outcome: outcomeOf(results),
  };
}

async function resultOf(
  check: Check,
  examination: Examination,
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  const { clock } = examination.host;
  const start = clock.monotonic();
  const verdict = await verdictOf(check, examination, signal);
  return {
    id: check.id,
    question: check.question,
    explanation: check.explanation,
    severity: verdict.status === 'fault' ? verdict.severity : undefined,
    verdict,
    durationMs: clock.monotonic() - start,
  };
}

async function verdictOf(
  check: Check,
  examination: Examination,
  signal: AbortSignal | undefined,
): Promise<Verdict> {
  if (signal?.aborted === true) return { status: 'unknown', reason: 'the examination was interrupted' };
  const { scope } = examination;
  if (scope !== undefined && check.scopes !== undefined && !check.scopes.includes(scope))
    return { status: 'skipped', reason: `it is not about ${scope}` };
  try {
    return await check.examine(examination);
  } catch (error) {
    return { status: 'unknown', reason: reasonOf(error) };
  }
}

/** A doctor who stumbles over one thing still looks at the others, so nothing is passed on, bugs included: they are told. */
function reasonOf(error: unknown): string {
  if (error instanceof AnyarchError) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

function outcomeOf(results: readonly CheckResult[]): Diagnosis['outcome'] {
  const found = new Set(results.map(({ severity }) => severity));
  if (found.has('error')) return 'errors';
  if (found.has('warning')) return 'warnings';
  return found.has('note') ? 'notes' : 'ok';
}
