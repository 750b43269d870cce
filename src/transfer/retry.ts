import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../host/host.ts';
import { cancelled, throwIfCancelled } from '../host/cancellation.ts';
import { TransientFailure, classified } from './failure.ts';

export interface RetryOptions {
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before the first repetition; doubled for each further one. Default 500. */
  readonly firstDelayMs?: number | undefined;
  /** Longer pauses that a server asks for are not made: the work has failed then. Milliseconds, default 60 000. */
  readonly maximumDelayMs?: number | undefined;
}

/** Attempts in a row that bring nothing. */
const attempts = 4;
/** People who wait for longer than so many milliseconds are told why. */
const noticedDelayMs = 2000;

/**
 * Repeats `attempt` while it fails transiently, with growing pauses or those that the server asks for.
 *
 * @param subject for the log
 * @param progress bytes so far: an attempt that brings it further than any before does not count as failed. The same
 *   bytes again are no progress, or a server that forgets what it has sent would be asked for ever.
 * @throws the last failure, classified, after 4 attempts in a row without progress; AnyarchError ANYARCH_CANCELLED
 */
export async function repeating<T>(
  options: RetryOptions,
  subject: string,
  attempt: () => Promise<T>,
  progress: () => number = () => 0,
): Promise<T> {
  const { log, signal, firstDelayMs = 500, maximumDelayMs = 60_000 } = options;
  let furthest = progress();
  for (let failures = 1; ; failures += 1) {
    throwIfCancelled(signal);
    try {
      return await attempt();
    } catch (error) {
      throwIfCancelled(signal);
      const failure = classified(error);
      if (!(failure instanceof TransientFailure)) throw failure;
      if (progress() > furthest) failures = 1;
      furthest = Math.max(furthest, progress());
      const delayMs = failure.retryAfterMs ?? firstDelayMs * 2 ** (failures - 1);
      if (failures >= attempts || delayMs > maximumDelayMs) throw failure;
      if (delayMs > noticedDelayMs)
        log.info(`${subject}: ${failure.message}; trying again in ${Math.ceil(delayMs / 1000)} s`);
      else log.debug(`${subject}: ${failure.message}; trying again in ${delayMs} ms`);
      await sleep(delayMs, undefined, signal === undefined ? {} : { signal }).catch((reason: unknown) => {
        throw cancelled(reason);
      });
    }
  }
}
