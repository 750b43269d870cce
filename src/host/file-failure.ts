import { AnyarchError } from '../core/error.ts';
import { SystemError } from './system-error.ts';

/** What an errno of writing below `path` means to the user. Anything without a known errno comes back unchanged. */
export function fileFailure(error: unknown, path: string): unknown {
  const errno = errnoOf(error);
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AnyarchError('ANYARCH_DISK_FULL', `no space left to write ${path} (${errno})`, {
        hint: 'free some space, or set ANYARCH_HOME to a directory on a larger file system',
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AnyarchError('ANYARCH_PERMISSION', `${path} cannot be written (${errno})`, {
        hint: 'set ANYARCH_HOME to a directory of yours',
        cause: error,
      });
    case undefined:
      return error;
    default:
      return new AnyarchError('ANYARCH_FILE', `${path} cannot be written (${errno})`, {
        hint: 'look at what is there, or set ANYARCH_HOME to another directory',
        cause: error,
      });
  }
}

function errnoOf(error: unknown): string | undefined {
  if (error instanceof SystemError) return error.errno;
  if (error instanceof AnyarchError || !(error instanceof Error) || !('syscall' in error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
