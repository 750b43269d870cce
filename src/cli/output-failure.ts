import { AnyarchError } from '../core/error.ts';
import { SystemError } from '../host/system-error.ts';

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
