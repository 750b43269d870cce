import { AnyarchError } from '../core/error.ts';
import { errorCodes } from '../core/error-code.ts';
import { printable } from '../core/printable.ts';
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
    exitCode: errorCodes[known.code],
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

/** A refused system call that no feature explained still is something that a user met. */
function asAnyarchError(thrown: unknown): AnyarchError | undefined {
  if (thrown instanceof AnyarchError) return thrown;
  if (!(thrown instanceof SystemError)) return undefined;
  const error = thrown;
  const details = {
    errno: error.errno,
    call: error.call,
    ...(error.path === undefined ? {} : { path: error.path }),
  };
  const subject = error.path ?? 'what the message names';
  if (error.errno === 'ENOSPC' || error.errno === 'EDQUOT')
    return new AnyarchError('ANYARCH_DISK_FULL', `no space left: ${error.message}`, {
      hint: `free space on the file system of ${error.path ?? 'the cache'}, then repeat the command`,
      details,
      cause: error,
    });
  if (error.errno === 'EACCES' || error.errno === 'EPERM')
    return new AnyarchError('ANYARCH_PERMISSION', `not permitted: ${error.message}`, {
      hint: `look at the rights of ${subject}, or repeat the command as a user who may do that (root)`,
      details,
      cause: error,
    });
  return new AnyarchError('ANYARCH_FILE', error.message, {
    hint:
      nextSteps[error.errno]?.(subject) ?? `look at ${subject}; ANYARCH_DEBUG=1 shows where it was needed`,
    details,
    cause: error,
  });
}

const nextSteps: Readonly<Record<string, (subject: string) => string>> = {
  ENOENT: (subject) => `look whether ${subject} exists`,
  ENOTDIR: (subject) => `look which part of ${subject} is no directory`,
  ELOOP: (subject) => `look where the links on ${subject} lead`,
  EROFS: (subject) => `${subject} is on a read-only file system: set ANYARCH_HOME to a directory that is not`,
  EMFILE: () => 'raise the limit of open files: ulimit -n',
  ENFILE: () => 'the whole machine has too many files open: end some programs',
  ENOMEM: () => 'free some memory, then repeat the command',
  EAGAIN: () => 'the limit of processes or memory is reached: ulimit -u, ulimit -l',
};

function bugOutcome(error: unknown): Outcome & { errorText: string } {
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: 1,
    document: { schema: 'anyarch/error/1', error: { code: 'ANYARCH_BUG', message, details: {} } },
    errorText: [
      `anyarch: this is a bug in anyarch: ${printable(message)} [ANYARCH_BUG]`,
      ...stackLines(error),
      '  next: please report it with the lines above',
      '',
    ].join('\n'),
  };
}

function stackLines(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const own = (error.stack ?? '').split('\n').slice(1);
  if (error.cause === undefined) return own.map(printable);
  const cause = error.cause instanceof Error ? String(error.cause) : JSON.stringify(error.cause);
  return [...[...own, `  caused by: ${cause}`].map(printable), ...stackLines(error.cause)];
}
