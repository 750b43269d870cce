import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import type { Lock } from '../../host/lock.ts';
import { waitForLock } from '../../host/wait-for-lock.ts';
import { setsFiles, toolSetsDirectory } from '../places.ts';

/** Milliseconds: a set is made in minutes. */
const patienceMs = 15 * 60_000;

/**
 * Runs the action while no other command changes the tool tree. Waits for one that does: it may be making what is wanted.
 *
 * @throws AnyarchError ANYARCH_LOCKED after a quarter of an hour, ANYARCH_CANCELLED, ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export async function withTreeLock<T>(
  host: Pick<Host, 'files' | 'clock' | 'log'>,
  state: string,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const directory = toolSetsDirectory(state);
  const path = `${directory}/${setsFiles.lock}`;
  let lock: Lock;
  try {
    host.files.makeDirectory(directory, 0o755);
    lock = await waitForLock(host, path, {
      patienceMs,
      signal,
      onWait: (holder) => {
        host.log.info(`waiting for process ${holder?.pid ?? '?'}, which is changing the tool tree`);
      },
    });
  } catch (error) {
    throw fileFailure(error, path);
  }
  try {
    return await action();
  } finally {
    lock.release();
  }
}
