import { AnyarchError } from '../core/error.ts';
import { SystemError } from '../host/system-error.ts';
import { applyAction, type Applied, type Course, type WriteParts } from './apply-action.ts';
import type { Plan, PlanAction } from './plan-data.ts';
import type { Proof } from './prove.ts';
import { concernsTheTable } from './registering-error.ts';

export interface ApplyParts extends WriteParts {
  /** Executes a probe of each architecture. */
  readonly prove: (architectures: readonly string[]) => ReadonlyMap<string, Proof>;
}

/**
 * Carries out all actions, those that remove other entries after what is wanted has been proven. Stops when the first
 * write was refused for a reason that holds for all: then fewer actions than planned come back.
 */
export function applyPlan(parts: ApplyParts, plan: Plan): Applied[] {
  const isRemoval = ({ kind }: PlanAction) => kind === 'remove' || kind === 'release';
  const removals = plan.filter(isRemoval);
  const wanted = plan.filter((action) => !isRemoval(action));
  return applyTogether(parts, removals, applyTogether(parts, wanted, []));
}

/** Why nothing can be written: the first write was refused for a reason that holds for all. */
export function hopelessError(applied: readonly Applied[]): AnyarchError | undefined {
  const error = applied.find(({ action }) => isTried(action))?.error;
  return error !== undefined && concernsTheTable(error) ? error : undefined;
}

function isTried({ error, steps }: PlanAction): boolean {
  return error === undefined && steps.length > 0;
}

interface Runner {
  readonly action: PlanAction;
  readonly course: Course;
  reached: IteratorResult<string, Applied>;
}

/**
 * Every action goes on until it needs a proof; those that wait for one get theirs together, which is quicker.
 *
 * @param before what other actions came to; it stands first in the result
 */
function applyTogether(
  parts: ApplyParts,
  actions: readonly PlanAction[],
  before: readonly Applied[],
): Applied[] {
  const runners: Runner[] = [];
  const soFar = () => [...before, ...runners.map(appliedSoFar)];
  for (const action of actions) {
    if (hopelessError(soFar()) !== undefined) break;
    const course = applyAction(parts, action);
    runners.push({ action, course, reached: course.next() });
  }
  for (;;) {
    const waiting = runners.filter(({ reached }) => reached.done !== true);
    if (waiting.length === 0) return soFar();
    goOn(parts, waiting);
  }
}

function appliedSoFar({ action, reached }: Runner): Applied {
  return reached.done === true ? reached.value : { action, proof: undefined, error: undefined };
}

function goOn({ prove }: ApplyParts, waiting: readonly Runner[]): void {
  const proofs = orError(() => prove(waiting.map(architectureOf)));
  for (const runner of waiting) {
    const proof = proofs instanceof AnyarchError ? proofs : proofs.get(architectureOf(runner));
    if (proof === undefined) throw new Error(`no proof for ${architectureOf(runner)}`);
    runner.reached = proof instanceof AnyarchError ? runner.course.throw(proof) : runner.course.next(proof);
  }
}

function architectureOf({ reached }: Runner): string {
  return reached.done === true ? '' : reached.value;
}

/** Probes that cannot be executed at all prove nothing: every action that waits for them takes back what it did. */
function orError<T>(action: () => T): T | AnyarchError {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    if (!(error instanceof SystemError)) throw error;
    return new AnyarchError('ANYARCH_PROBE_FAILED', `the probes could not be executed: ${error.message}`, {
      hint: 'run the command again when the machine has less to do',
      cause: error,
    });
  }
}
