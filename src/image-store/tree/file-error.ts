import { AnyarchError } from '../../core/error.ts';
import { damaged } from '../tar/damaged.ts';
import { shown } from './bytes-path.ts';
import { tooLong } from './names.ts';

/** What a refused system call says about the image or the place that it is unpacked to. Bugs come back as they are. */
export function fileError(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof AnyarchError || !('syscall' in error)) return error;
  const { code = '', syscall } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(`no space left to unpack ${shown(path)} (${code})`, error);
    case 'ENAMETOOLONG':
      return tooLong(path);
    case 'EMLINK':
      return new AnyarchError(
        'ANYARCH_IMAGE_LIMIT',
        `${shown(path)} has more names than the file system allows`,
        {
          hint: 'set ANYARCH_HOME to a directory on another file system',
          cause: error,
        },
      );
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EISDIR':
    case 'ELOOP':
      return damaged(`has a member that cannot be made: ${shown(path)} (${String(syscall)}: ${code})`);
    default:
      return new AnyarchError(
        'ANYARCH_FILE',
        `${shown(path)} cannot be unpacked (${String(syscall)}: ${code})`,
        {
          hint: 'look at the file system of the state directory, or set ANYARCH_HOME to a directory on another one',
          cause: error,
        },
      );
  }
}

export function diskFull(message: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_DISK_FULL', message, {
    hint: 'free some space ("anyarch image prune" removes what is not used), or set ANYARCH_HOME to a directory on a larger file system',
    ...(cause === undefined ? {} : { cause }),
  });
}
