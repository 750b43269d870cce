import { setTimeout as pause } from 'node:timers/promises';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { acquireLock, tryLock, type Lock } from '../host/lock.ts';
import { throwIfCancelled } from '../transfer/index.ts';
import type { ProgramPlaces } from './places.ts';

/** Milliseconds between two attempts. */
const pauseMs = 200;
/** A set is fetched in minutes, on a slow line. */
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
    lock = await waitFor(host, places.lock, signal);
  } catch (error) {
    throw fileFailure(error, places.lock);
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
      host.log.info(`waiting for process ${attempt.heldBy?.pid ?? '?'}, which is fetching programs`);
    throwIfCancelled(signal);
    await pause(pauseMs);
  }
  return acquireLock(host, path, { waitMs: 0 });
}
