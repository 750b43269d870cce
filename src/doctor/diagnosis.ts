import type { ReadMessage } from './message/read-message.ts';
import type { Scope } from './scopes.ts';
import type { Severity, Verdict } from './verdict.ts';

/** What was found by one check. */
export interface CheckResult {
  readonly id: string;
  readonly question: string;
  readonly explanation: string;
  /** Undefined unless it is a fault. */
  readonly severity: Severity | undefined;
  readonly verdict: Verdict;
  /** Milliseconds. */
  readonly durationMs: number;
}

/** The whole of it, as data for people (command line and HTML draw it) and for `--json`. */
export interface Diagnosis {
  readonly asked: {
    readonly scope: Scope | undefined;
    readonly image: string | undefined;
    readonly file: string | undefined;
    /** Undefined: the machine's own. */
    readonly root?: string | undefined;
    readonly message: ReadMessage | undefined;
  };
  /** Ids of faults, the likeliest cause of what was asked about first. Without a message: all faults, the worst first. */
  readonly causes: readonly string[];
  /** Ids of those causes that explain the message: the first ones of `causes`. Empty without a message. */
  readonly explaining: readonly string[];
  /** Ids of the checks that the message suggested before anything was looked at, the likeliest first. */
  readonly suspected: readonly string[];
  /** Every check, in the order of the list. */
  readonly checks: readonly CheckResult[];
  /** `ok`: no fault; `notes`: nothing that keeps anything from working; `warnings`; `errors`. */
  readonly outcome: 'ok' | 'notes' | 'warnings' | 'errors';
}
