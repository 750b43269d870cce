import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import type { Lock } from '../host/lock.ts';
import { waitForLock } from '../host/wait-for-lock.ts';
import type { ProgramPlaces } from './places.ts';

/** Milliseconds: a set is fetched in minutes, on a slow line. */
const patienceMs = 30 * 60_000;

/**
 * Runs the action while no other command changes the programs. Waits for one that does: it may be fetching what is wanted.
 *
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED, ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export async function withProgramsLock<T>(
  host: Pick<Host, 'files' | 'clock' | 'log'>,
  places: ProgramPlaces,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  let lock: Lock;
  try {
    host.files.makeDirectory(places.directory, 0o755);
    lock = await waitForLock(host, places.lock, {
      patienceMs,
      signal,
      onWait: (holder) => {
        host.log.info(`waiting for process ${holder?.pid ?? '?'}, which is fetching programs`);
      },
    });
  } catch (error) {
    throw fileFailure(error, places.lock);
  }
  try {
    return await action();
  } finally {
    lock.release();
  }
}
