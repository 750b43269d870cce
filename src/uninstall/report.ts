import type { ErrorCode } from '../core/error-code.ts';
import type { AnyarchError } from '../core/error.ts';
import type { User } from './found.ts';

/** Something that is gone; with `dryRun` would be. */
export interface Removed {
  /**
   * `entry` of the kernel's table; `service`, `configuration`: what `watch enable` and `persist enable` installed; the others
   * are what anyarch keeps for itself, a `tree` with all that is in it.
   */
  readonly kind: 'entry' | 'service' | 'configuration' | 'file' | 'tree' | 'directory';
  /** Name or path. */
  readonly subject: string;
  /** One clause for people, where there is more to say. */
  readonly note?: string;
  /** Of its content; absent where nothing was measured. */
  readonly bytes?: number;
  /** The directory of anyarch's own that it is in. */
  readonly place?: string;
}

/** Something that stays. */
export interface Left {
  readonly subject: string;
  /** One clause for people. */
  readonly reason: string;
  /** The directory of anyarch's own that it is in. */
  readonly place?: string;
  /** Set where it should have gone. */
  readonly error?: { readonly code: ErrorCode; readonly message: string; readonly hint: string | undefined };
}

export interface UninstallReport {
  /** `partial`: some of it could not be removed; `failed`: none of it. */
  readonly outcome: 'ok' | 'partial' | 'failed';
  readonly dryRun: boolean;
  readonly removed: readonly Removed[];
  readonly left: readonly Left[];
  /** Processes that use something of it. */
  readonly users: readonly User[];
}

/** What one step came to. */
export interface StepResult {
  readonly removed: readonly Removed[];
  readonly left: readonly Left[];
}

export const didNothing: StepResult = { removed: [], left: [] };

export function joined(results: readonly StepResult[]): StepResult {
  return {
    removed: results.flatMap(({ removed }) => removed),
    left: results.flatMap(({ left }) => left),
  };
}

export function failedAt(subject: string, { code, message, hint }: AnyarchError): StepResult {
  return { removed: [], left: [{ subject, reason: message, error: { code, message, hint } }] };
}

export function outcomeOf({ removed, left }: StepResult): UninstallReport['outcome'] {
  if (left.every(({ error }) => error === undefined)) return 'ok';
  return removed.length === 0 ? 'failed' : 'partial';
}
