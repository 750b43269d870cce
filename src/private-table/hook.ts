import type { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { ensurePrivateTable } from './ensure.ts';
import { recordHookFailure, type FailureOfHook } from './failure.ts';
import { readWantedTable, wantedTablePathIn } from './wanted-table.ts';

/**
 * What an engine's hook does. It never throws: a hook that fails keeps every container from starting, the native ones,
 * too. What goes wrong is recorded for `anyarch rootless status`.
 */
export function ensureInHook(host: Host, state: string): void {
  try {
    const failures = failuresOf(host, state);
    // What was disabled in the meantime has not failed.
    if (host.files.status(wantedTablePathIn(state)) !== undefined) recordHookFailure(host, state, failures);
  } catch {
    // Where nothing can be written, nothing can be told: the user sees what the kernel says of the foreign program.
  }
}

function failuresOf(host: Host, state: string): FailureOfHook[] {
  try {
    const wanted = readWantedTable(host, state);
    if (wanted === undefined) return [];
    return ensurePrivateTable(host, wanted, { probe: false, state }).architectures.flatMap(
      ({ architecture, error }) => (error === undefined ? [] : [{ architecture, ...failure(error) }]),
    );
  } catch (error) {
    return [failure(error)];
  }
}

function failure(error: unknown): FailureOfHook {
  if (error instanceof SystemError) return { code: 'ANYARCH_FILE', message: error.message };
  const { message } = error as Error;
  if (!isCoded(error)) return { code: 'ANYARCH_BUG', message };
  const { code, hint } = error;
  return { code, message, ...(hint === undefined ? {} : { hint }) };
}

function isCoded(error: unknown): error is Pick<AnyarchError, 'code' | 'message' | 'hint'> {
  return typeof error === 'object' && error !== null && 'code' in error && 'hint' in error;
}
