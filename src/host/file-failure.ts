import { AnyarchError } from '../core/error.ts';
import { SystemError } from './system-error.ts';

/**
 * What an errno of writing below `path` means to the user. Anything without a known errno comes back unchanged.
 *
 * @param elsewhere how to have it written to another place
 */
export function fileFailure(error: unknown, path: string, elsewhere = 'set ANYARCH_HOME'): unknown {
  const errno = errnoOf(error);
  switch (errno) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new AnyarchError('ANYARCH_DISK_FULL', `no space left to write ${path} (${errno})`, {
        hint: `free some space, or ${elsewhere} to a directory on a larger file system`,
        cause: error,
      });
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new AnyarchError('ANYARCH_PERMISSION', `${path} cannot be written (${errno})`, {
        hint: `${elsewhere} to a directory of yours`,
        cause: error,
      });
    case undefined:
      return error;
    default:
      return new AnyarchError('ANYARCH_FILE', `${path} cannot be written (${errno})`, {
        hint: `look at what is there, or ${elsewhere} to another directory`,
        cause: error,
      });
  }
}

function errnoOf(error: unknown): string | undefined {
  if (error instanceof SystemError) return error.errno;
  if (error instanceof AnyarchError || !(error instanceof Error) || !('syscall' in error)) return undefined;
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
