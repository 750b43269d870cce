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

/** What a refused write to standard output means; it is exit code 1, whatever the reason. */
export function outputFailure(error: unknown): unknown {
  if (!(error instanceof SystemError)) return error;
  const isFull = error.errno === 'ENOSPC' || error.errno === 'EDQUOT';
  return new AnyarchError(
    isFull ? 'ANYARCH_DISK_FULL' : 'ANYARCH_FILE',
    `the result could not be written to standard output (${error.errno})`,
    {
      hint: isFull
        ? 'free space where the output goes, then repeat the command'
        : 'send the output elsewhere',
      details: { errno: error.errno },
      cause: error,
    },
  );
}

/** One of Node's own errors that no adapter has translated. */
function systemErrorOf(error: unknown): SystemError | undefined {
  const errno = errnoOf(error);
  if (errno === undefined || !(error instanceof Error)) return undefined;
  const { syscall = 'a system call', path } = error as NodeJS.ErrnoException;
  return new SystemError(errno, syscall, path, { cause: error });
}
