import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { acquireLock, tryLock } from '../../host/lock.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { MachinePlaces } from '../places.ts';
import { isPruneIdle, pruneLockPath } from '../prune/prune-lock.ts';

export interface MachineLockOptions {
  /** How long to wait for another command at the same machine, in milliseconds. Default 10 000. */
  readonly waitMs?: number;
  readonly signal?: AbortSignal;
  /** Told once, when somebody else is at work. */
  readonly onWait?: () => void;
}

/** Milliseconds between two attempts. */
const pauseMs = 50;

/**
 * Only one command at a time changes a machine.
 *
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED
 */
export async function withMachineLock<T>(
  host: Pick<Host, 'files' | 'clock'>,
  { places }: { readonly places: Pick<MachinePlaces, 'lock'> },
  action: () => Promise<T>,
  { waitMs = 10_000, signal, onWait }: MachineLockOptions = {},
): Promise<T> {
  const deadline = host.clock.monotonic() + waitMs;
  const machines = places.lock.slice(0, places.lock.lastIndexOf('/'));
  host.files.makeDirectory(machines, 0o700);
  for (let told = false; ; told = true) {
    throwIfCancelled(signal);
    const attempt = tryLock(host, places.lock);
    if ('release' in attempt) {
      try {
        if (isPruneIdle(host, machines)) return await action();
      } finally {
        attempt.release();
      }
    }
    if (!told) onWait?.();
    if (host.clock.monotonic() >= deadline) {
      // It says who; should that one be done by now, nothing is wrong any more.
      acquireLock(host, places.lock, { waitMs: 0 }).release();
      acquireLock(host, pruneLockPath(machines), { waitMs: 0 }).release();
      throw new AnyarchError('ANYARCH_LOCKED', `${places.lock} was held until just now`, {
        hint: 'try again',
      });
    }
    await sleep(pauseMs);
  }
}
