import { AnyarchError } from '../core/error.ts';

/** @throws AnyarchError ANYARCH_CANCELLED */
export function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled(signal.reason);
}

export function cancelled(cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_CANCELLED', 'cancelled', {
    hint: 'run the same command again: it goes on where it stopped',
    cause,
  });
}
