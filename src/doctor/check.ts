import type { Examination } from './examination.ts';
import type { Scope } from './scopes.ts';
import type { Symptom } from './symptom.ts';
import type { Severity, Verdict } from './verdict.ts';

/** One cause that the doctor knows, as data; docs/diagnosis.md is made from it. */
export interface Check<Id extends string = string> {
  /** Names the fault, stable: `binfmt-not-mounted`. */
  readonly id: Id;
  /** Answered with yes where all is well: `Is binfmt_misc mounted?` */
  readonly question: string;
  /** How bad a fault of it is at most. */
  readonly severity: Severity;
  /** What it is about, and what people see where it does not hold: two or three sentences. */
  readonly explanation: string;
  /** The remedy in general, for the documentation: `anyarch register ARCH`. */
  readonly remedy: string;
  /** What its fault makes tools print, the most typical first. */
  readonly symptoms: readonly Symptom[];
  /** For what it is examined; absent: always. A check of an engine is also examined without a scope where the engine is found. */
  readonly scopes?: readonly Scope[];
  /** Where it is written down: a manual, an issue thread. */
  readonly references?: readonly string[];
  /** Changes nothing on the machine but what is gone again when it returns. What it throws makes the verdict `unknown`. */
  readonly examine: (examination: Examination) => Verdict | Promise<Verdict>;
}

export function defineCheck<const Id extends string>(check: Check<Id>): Check<Id> {
  return check;
}
