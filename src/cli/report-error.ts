import { AnyarchError } from '../core/error.ts';
import { errnoOf } from '../host/node/system-call.ts';
import { SystemError } from '../host/system-error.ts';
import type { Outcome } from './command.ts';
import { errorOutcome as outcomeOf } from './error-outcome.ts';

/** What a failed command ends with; Node's own errors count as refused system calls. */
export function errorOutcome(
  error: unknown,
  options: { readonly debug: boolean },
): Outcome & { errorText: string } {
  const known = error instanceof AnyarchError || error instanceof SystemError;
  return outcomeOf(known ? error : (systemErrorOf(error) ?? error), options);
}

/** One of Node's own errors that no adapter has translated. */
function systemErrorOf(error: unknown): SystemError | undefined {
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof Error)) return undefined;
  const { syscall = 'a system call', path } = error as NodeJS.ErrnoException;
  return new SystemError(errno, syscall, path, { cause: error });
}
