import type { Host } from '../host/host.ts';
import { acquireLock, type Lock } from '../host/lock.ts';
import { ignoring, SystemError } from '../host/system-error.ts';
import { writeFailure } from '../installed-files/index.ts';

/** Milliseconds; an engine that is entered for the first time sets its storage up. */
const waitMs = 120_000;

/**
 * One command after the other. The state directory is made where it is missing, and is gone again where nothing is in it
 * at the end.
 *
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_DISK_FULL, ANYARCH_PERMISSION … where there is no place for the lock
 */
export async function withCommandLock<T>(host: Host, state: string, action: () => Promise<T>): Promise<T> {
  try {
    const lock = takeLock(host, state);
    try {
      return await action();
    } finally {
      lock.release();
    }
  } finally {
    removeIfEmpty(host, state);
  }
}

/** Who disables the last of all takes the directory along, behind the backs of those that wait. */
function takeLock(host: Host, state: string): Lock {
  const deadline = host.clock.monotonic() + waitMs;
  for (;;) {
    try {
      host.files.makeDirectory(state, 0o755);
      return acquireLock(host, `${state}/rootless-command.lock`, { waitMs });
    } catch (error) {
      const isGone = error instanceof SystemError && error.errno === 'ENOENT';
      if (!isGone || host.clock.monotonic() >= deadline) throw writeFailure(host, state, error);
      host.clock.sleep(5);
    }
  }
}

/** As far as it may be removed. */
export function removeIfEmpty({ files }: Pick<Host, 'files'>, directory: string): void {
  ignoring(['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY', 'EROFS'], () => {
    files.removeDirectory(directory);
  });
}
