import { setTimeout as pause } from 'node:timers/promises';
import type { Host } from './host.ts';
import type { LockHolder } from './lock-holder.ts';
import { acquireLock, tryLock, type Lock } from './lock.ts';
import { throwIfCancelled } from './cancellation.ts';

export interface WaitOptions {
  /** Milliseconds that another holder has. */
  readonly patienceMs: number;
  /** Milliseconds between two attempts; default: 200. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** Told once, where somebody else holds it; undefined when the lock file tells nothing. */
  readonly onWait?: (holder: LockHolder | undefined) => void;
}

/**
 * Takes the lock once nobody else has it; other work of this process goes on meanwhile.
 *
 * @param path the lock file; its directory must exist
 * @throws AnyarchError ANYARCH_LOCKED, which says who holds it, ANYARCH_CANCELLED
 */
export async function waitForLock(
  host: Pick<Host, 'files' | 'clock'>,
  path: string,
  { patienceMs, pauseMs = 200, signal, onWait }: WaitOptions,
): Promise<Lock> {
  const deadline = host.clock.monotonic() + patienceMs;
  for (let hasTold = false; host.clock.monotonic() < deadline; hasTold = true) {
    throwIfCancelled(signal);
    const attempt = tryLock(host, path);
    if ('release' in attempt) return attempt;
    if (!hasTold) onWait?.(attempt.heldBy);
    await pause(pauseMs);
  }
  return acquireLock(host, path, { waitMs: 0 });
}
