import { setTimeout as pause } from 'node:timers/promises';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { acquireLock, tryLock, type Lock } from '../../host/lock.ts';
import { throwIfCancelled } from '../../transfer/index.ts';
import { setsFiles, toolSetsDirectory } from '../places.ts';

/** Milliseconds between two attempts. */
const pauseMs = 200;
/** A set is made in minutes. */
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
    lock = await waitFor(host, path, signal);
  } catch (error) {
    throw fileFailure(error, path);
  }
  try {
    return await action();
  } finally {
    lock.release();
  }
}

async function waitFor(
  host: Pick<Host, 'files' | 'clock' | 'log'>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Lock> {
  const deadline = host.clock.monotonic() + patienceMs;
  for (let hasTold = false; host.clock.monotonic() < deadline; hasTold = true) {
    const attempt = tryLock(host, path);
    if ('release' in attempt) return attempt;
    if (!hasTold)
      host.log.info(`waiting for process ${attempt.heldBy?.pid ?? '?'}, which is changing the tool tree`);
    throwIfCancelled(signal);
    await pause(pauseMs);
  }
  return acquireLock(host, path, { waitMs: 0 });
}
