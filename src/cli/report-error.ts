import { AnyarchError } from '../core/error.ts';
import { errorCodes } from '../core/error-code.ts';
import { SystemError } from '../host/system-error.ts';
import type { Outcome } from './command.ts';

/** What a failed command ends with: the error's own exit code, one document, one text for stderr. */
export function errorOutcome(
  error: unknown,
  options: { readonly debug: boolean },
): Outcome & { errorText: string } {
  const known = asAnyarchError(error);
  if (known === undefined) return bugOutcome(error);
  const lines = [`anyarch: ${known.message} [${known.code}]`];
  if (known.hint !== undefined) lines.push(`  next: ${known.hint}`);
  if (options.debug) lines.push(...stackLines(error));
  return {
    exitCode: errorCodes[known.code].exitCode,
    document: {
      schema: 'anyarch/error/1',
      error: {
        code: known.code,
        message: known.message,
        ...(known.hint === undefined ? {} : { hint: known.hint }),
        details: known.details,
      },
    },
    errorText: `${lines.join('\n')}\n`,
  };
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

/** A refused system call that no feature explained still is something that a user met. */
function asAnyarchError(error: unknown): AnyarchError | undefined {
  if (error instanceof AnyarchError) return error;
  if (!(error instanceof SystemError)) return undefined;
  const details = {
    errno: error.errno,
    call: error.call,
    ...(error.path === undefined ? {} : { path: error.path }),
  };
  if (error.errno === 'ENOSPC' || error.errno === 'EDQUOT')
    return new AnyarchError('ANYARCH_DISK_FULL', `no space left: ${error.message}`, {
      hint: `free space on the file system of ${error.path ?? 'the cache'}, then repeat the command`,
      details,
      cause: error,
    });
  if (error.errno === 'EACCES' || error.errno === 'EPERM')
    return new AnyarchError('ANYARCH_PERMISSION', `not permitted: ${error.message}`, {
      details,
      cause: error,
    });
  return new AnyarchError('ANYARCH_FILE', error.message, { details, cause: error });
}

function bugOutcome(error: unknown): Outcome & { errorText: string } {
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: 1,
    document: { schema: 'anyarch/error/1', error: { code: 'ANYARCH_BUG', message, details: {} } },
    errorText: [
      `anyarch: this is a bug in anyarch: ${message} [ANYARCH_BUG]`,
      ...stackLines(error),
      '  next: please report it with the lines above',
      '',
    ].join('\n'),
  };
}

function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? '').split('\n').slice(1);
  return error.cause === undefined
    ? own
    : [
        ...own,
        `  caused by: ${error.cause instanceof Error ? String(error.cause) : JSON.stringify(error.cause)}`,
        ...stackLines(error.cause),
      ];
}
