import type { ErrorCode } from '../core/error-code.ts';

/**
 * - `started`, `stopped`, `reread`: the watch itself
 * - `watching`: what is wanted has changed
 * - `removed`, `disabled`, `shadowed`, `emulator-deleted`, `emulator-replaced`: what has become of a registration
 * - `table`: nothing works, whatever is registered: not mounted, or switched off as a whole
 * - `reasserted`, `would-reassert`: put right and proven by a probe; with `dryRun` it would be tried
 * - `recovered`: right again without us
 * - `held-back`: not tried again for a while, because somebody undoes it again and again, or it fails
 * - `failed`: could not be put right, or looked at
 * - `broken`: the entry is there, but a foreign program does not run
 */
export type EventKind =
  | 'started'
  | 'stopped'
  | 'reread'
  | 'watching'
  | 'removed'
  | 'disabled'
  | 'shadowed'
  | 'emulator-deleted'
  | 'emulator-replaced'
  | 'table'
  | 'reasserted'
  | 'would-reassert'
  | 'recovered'
  | 'held-back'
  | 'failed'
  | 'broken';

/** One line of the output. */
export interface WatchEvent {
  readonly schema: 'anyarch/watch-event/1';
  /** ISO 8601. */
  readonly time: string;
  readonly event: EventKind;
  /** QEMU's target name; undefined for what concerns all. */
  readonly architecture: string | undefined;
  /** The entry's name. */
  readonly entry: string | undefined;
  readonly message: string;
  /** What to do about it, where somebody has to. */
  readonly next: string | undefined;
  readonly code: ErrorCode | undefined;
}

/** Everything but the time. */
export type News = Pick<WatchEvent, 'event' | 'message'> &
  Partial<Pick<WatchEvent, 'architecture' | 'entry' | 'next' | 'code'>>;

/** @param now milliseconds since the epoch */
export function eventOf({ event, architecture, entry, message, next, code }: News, now: number): WatchEvent {
  const time = new Date(now).toISOString();
  return { schema: 'anyarch/watch-event/1', time, event, architecture, entry, message, next, code };
}
