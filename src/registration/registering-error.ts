import { AnyarchError } from '../core/error.ts';
import type { Rule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import type { SystemError } from '../host/system-error.ts';
import { withoutRoot } from './table.ts';

/**
 * What a refused write to `register` means. EACCES has two causes: `register` may not be opened, or with F the
 * interpreter may not be executed.
 */
export function registeringError(
  { files }: Pick<Host, 'files'>,
  path: string,
  rule: Rule,
  error: SystemError,
): AnyarchError {
  const register = `${path}/register`;
  const what = `could not register ${rule.name} (${rule.interpreter}) in ${register}`;
  const fail = (code: AnyarchError['code'], reason: string, hint: string) =>
    new AnyarchError(code, `${what}: ${reason} (${error.errno})`, {
      hint,
      cause: error,
      details: { errno: error.errno },
    });

  switch (error.errno) {
    case 'EROFS':
      return readOnlyError(path, error);
    case 'EPERM':
      return permissionError(path, error);
    case 'EACCES':
      if (rule.flags.fixBinary && !files.isExecutable(rule.interpreter)) {
        return fail(
          'ANYARCH_REGISTER_FAILED',
          'the interpreter may not be executed',
          `chmod +x ${rule.interpreter}, or move it from a file system that is mounted noexec`,
        );
      }
      return permissionError(path, error);
    case 'ENOENT':
      if (rule.flags.fixBinary && files.status(rule.interpreter) === undefined) {
        return fail('ANYARCH_REGISTER_FAILED', 'the interpreter does not exist', 'anyarch emulators list');
      }
      return fail(
        'ANYARCH_REGISTER_FAILED',
        `there is no ${register} any more`,
        `mount -t binfmt_misc binfmt_misc ${path}`,
      );
    case 'EEXIST':
      return fail(
        'ANYARCH_REGISTER_FAILED',
        'another program has just registered this name',
        'run the command again',
      );
    case 'EINVAL':
      return fail(
        'ANYARCH_REGISTER_FAILED',
        'this kernel does not accept the rule',
        'report it, with the output of: anyarch register --dry-run --json',
      );
    case 'EBUSY':
      return fail('ANYARCH_REGISTER_FAILED', 'the kernel is busy', 'run the command again');
    case 'ETXTBSY':
      return fail(
        'ANYARCH_REGISTER_FAILED',
        'the interpreter is being written',
        'run the command again when that has ended',
      );
    default:
      return fail('ANYARCH_REGISTER_FAILED', 'the kernel refused it', 'anyarch status');
  }
}

function readOnlyError(path: string, cause?: SystemError): AnyarchError {
  return new AnyarchError('ANYARCH_BINFMT_READ_ONLY', `${path} is mounted read-only`, {
    hint: `on a host: mount -o remount,rw ${path}; in a container: docker run -v /proc/sys/fs/binfmt_misc:/binfmt …, which needs no --privileged`,
    cause,
  });
}

function permissionError(path: string, cause?: SystemError): AnyarchError {
  return new AnyarchError(
    'ANYARCH_PERMISSION',
    `not allowed to change ${path}${cause === undefined ? '' : ` (${cause.errno})`}`,
    {
      hint: withoutRoot,
      cause,
    },
  );
}

/** A refused `-1` or `0`. */
export function changingError(
  path: string,
  name: string,
  error: SystemError,
  verb: 'remove' | 'disable',
): AnyarchError {
  if (error.errno === 'EROFS') return readOnlyError(path, error);
  if (error.errno === 'EACCES' || error.errno === 'EPERM') return permissionError(path, error);
  return new AnyarchError('ANYARCH_REGISTER_FAILED', `could not ${verb} ${path}/${name}: ${error.errno}`, {
    hint: 'anyarch status',
    cause: error,
  });
}

/** Codes after which every further write would fail alike. */
export function concernsTheTable({ code }: AnyarchError): boolean {
  return (
    code === 'ANYARCH_PERMISSION' || code === 'ANYARCH_BINFMT_READ_ONLY' || code === 'ANYARCH_BINFMT_DISABLED'
  );
}
