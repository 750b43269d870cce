import { constants } from 'node:os';
import { SystemError } from '../system-error.ts';

/** Runs `action` and turns Node's error of a refused system call into a `SystemError`; bugs pass through. */
export function systemCall<T>(call: string, path: string | undefined, action: () => T): T {
  try {
    return action();
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === undefined) throw error;
    throw new SystemError(errno, call, path, { cause: error });
  }
}

/** The symbolic errno of one of Node's errors; undefined when it is not a refused system call. */
export function errnoOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const { errno } = error as NodeJS.ErrnoException;
  // libuv has no name for ENOEXEC and others and says "Unknown system error -8": the number is what can be trusted.
  return typeof errno === 'number' ? errnoName(Math.abs(errno)) : undefined;
}

/** `ENOENT` for 2, as this host numbers them; `E<number>` for one without a name. */
export function errnoName(errno: number): string {
  const entry = Object.entries(constants.errno).find(([, value]) => value === errno);
  return entry?.[0] ?? `E${errno}`;
}

/** 9 for `SIGKILL`. */
export function signalNumber(name: string): number {
  return Object.entries(constants.signals).find(([key]) => key === name)?.[1] ?? 0;
}
