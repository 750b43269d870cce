import { SystemError } from '../system-error.ts';
import type { Refusal } from './kernel.ts';

/** Runs `action` and turns a primitive's refusal into a `SystemError`; bugs pass through. */
export function systemCall<T>(call: string, path: string | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (!isRefusal(error)) throw error;
    throw new SystemError(error.errno, call, path);
  }
}

function isRefusal(error: unknown): error is Refusal {
  return (
    typeof error === 'object' && error !== null && !(error instanceof Error) && Object.hasOwn(error, 'errno')
  );
}
