import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { acquireLock, type Lock } from '../host/lock.ts';
import { eventOf, type News, type WatchEvent } from './event.ts';
import { asFailure, failureNews } from './failure.ts';
import { isUp, newMemory, type Memory } from './memory.ts';
import { openMetricsFile, type MetricsFile } from './metrics-file.ts';
import { metricsOf } from './metrics.ts';
import { renderMetrics } from './prometheus.ts';
import { watchOnce, type WatchOptions } from './watch-once.ts';

export interface RoundsOptions extends WatchOptions {
  /** Milliseconds from the end of one poll to the next. */
  readonly intervalMs: number;
  /** End after the first round. */
  readonly once?: boolean;
  /** Where the metrics are written, in Prometheus' text format; not with `dryRun`. */
  readonly metricsFile?: string;
  /** anyarch's. */
  readonly version: string;
}

export interface Round {
  readonly events: readonly WatchEvent[];
  /** Milliseconds to wait. */
  readonly waitMs: number;
  /** The metrics now, in Prometheus' text format. */
  readonly metrics: () => string;
  /** Whether polls go on: the last one is not much longer ago than it should be. */
  readonly isAlive: () => boolean;
}

/** What ended a wait: the time, or somebody's signal. */
export type Waited = 'elapsed' | 'stop' | 'reread';

/**
 * The watch, but for the waiting and the printing, which differ from engine to engine. Each `next` takes what ended the
 * wait; `return` lets the lock go.
 *
 * @returns the exit code
 * @throws AnyarchError ANYARCH_LOCKED when another one watches with the same state, ANYARCH_PERMISSION,
 *   ANYARCH_FILE_OF_OTHERS when `metricsFile` is somebody else's
 */
export function* watchRounds(
  host: Host,
  state: string,
  options: RoundsOptions,
): Generator<Round, number, Waited> {
  const { once = false, dryRun = false, metricsFile, intervalMs, version } = options;
  const lock = dryRun ? undefined : lockWatch(host, state);
  const memory = newMemory();
  const say = (news: News): WatchEvent => eventOf(news, host.clock.now());
  const metrics = (): string => renderMetrics(metricsOf(memory, version));
  let polledAt = host.clock.monotonic();
  const isAlive = (): boolean => host.clock.monotonic() - polledAt < 3 * intervalMs + 60_000;
  let file: MetricsFile | undefined;
  try {
    file = metricsFile === undefined || dryRun ? undefined : openMetricsFile(host, metricsFile);
    const save = metricsSaver(host, memory, file, metrics);
    let first = once
      ? []
      : [say({ event: 'started', message: `every ${intervalMs / 1000} s, state in ${state}` })];
    for (;;) {
      const found = watchOnce(host, state, memory, options);
      polledAt = host.clock.monotonic();
      const events = [...first, ...found, ...save(found.length > 0).map(say)];
      if (once) {
        yield { events, waitMs: 0, metrics, isAlive };
        return exitCodeOf(memory, options);
      }
      const waited = yield { events, waitMs: intervalMs, metrics, isAlive };
      first = waited === 'reread' ? [say({ event: 'reread', message: 'looking at everything anew' })] : [];
      if (waited === 'reread') memory.sight = undefined;
      if (waited !== 'stop') continue;
      yield { events: [say({ event: 'stopped', message: 'asked to end' })], waitMs: 0, metrics, isAlive };
      return 0;
    }
  } finally {
    if (!once) file?.remove();
    lock?.release();
  }
}

function lockWatch(host: Host, state: string): Lock {
  if (host.system.uid !== 0)
    throw new AnyarchError('ANYARCH_PERMISSION', 'only root may change the table that is watched', {
      hint: 'sudo anyarch watch; or see what it would do: anyarch watch --once --dry-run',
    });
  host.files.makeDirectory(state, 0o755);
  try {
    return acquireLock(host, `${state}/watch.lock`, { waitMs: 0 });
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_LOCKED') throw error;
    throw new AnyarchError(error.code, `another anyarch watch is at work: ${error.message}`, {
      hint: 'one is enough: end that one (its service: systemctl stop anyarch-watch), or leave it to it',
      details: error.details,
      cause: error,
    });
  }
}

/** Collectors look every 15 s at most. */
const saveEveryMs = 15_000;

const metricsSubject = 'metrics';

/** @returns writes the file where something has happened, or for a sign of life */
function metricsSaver(
  host: Pick<Host, 'clock'>,
  memory: Memory,
  file: MetricsFile | undefined,
  metrics: () => string,
): (isNew: boolean) => News[] {
  let savedAt = Number.NEGATIVE_INFINITY;
  return (isNew) => {
    const now = host.clock.monotonic();
    if (file === undefined || (!isNew && now - savedAt < saveEveryMs)) return [];
    savedAt = now;
    try {
      file.write(metrics());
      memory.said.delete(metricsSubject);
      return [];
    } catch (error) {
      return failureNews(memory, metricsSubject, asFailure(error)).map((news) => ({
        ...news,
        architecture: undefined,
      }));
    }
  };
}

/** 0: everything that is wanted is up, and the metrics are written; 3: some of it; 1: none. */
function exitCodeOf(memory: Memory, { architectures = [] }: WatchOptions): number {
  if (memory.failures > 0) return 1;
  const up = memory.wanted.filter(({ architecture }) => isUp(memory, architecture)).length;
  // What is named and was unregistered is asked for, and not up.
  const isAll = up === memory.wanted.length && (architectures.length === 0 || memory.letGo.length === 0);
  if (isAll) return memory.said.has(metricsSubject) ? 3 : 0;
  return up > 0 ? 3 : 1;
}
