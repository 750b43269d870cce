import type { Host } from '../host/host.ts';
import { survey, type Survey } from '../registration/index.ts';
import { delayMs, mostPerHour } from './damping.ts';
import { decide } from './decide.ts';
import { eventOf, type News, type WatchEvent } from './event.ts';
import { asFailure, everything, failureNews } from './failure.ts';
import { look, lookWhenSettled, sameSight } from './look.ts';
import type { Memory } from './memory.ts';
import { proveAll } from './prove-all.ts';
import { putRight } from './put-right.ts';
import { refreshWanted } from './refresh-wanted.ts';
import type { Situation } from './situation.ts';
import { takeStock } from './take-stock.ts';

export interface WatchOptions {
  /** What to keep up, by names of any kind; default: what was registered here, and what is at each boot. */
  readonly architectures?: readonly string[];
  /** Milliseconds from one proof of everything to the next; 0: only the first time. */
  readonly probeIntervalMs: number;
  /** Also enable what somebody disabled. */
  readonly enforce?: boolean;
  /** Change nothing, say what would be put right. */
  readonly dryRun?: boolean;
  /** Also take the place of what our predecessors, or earlier containers, registered. */
  readonly adopt?: boolean;
}

/**
 * One poll: looks, and does nothing more when all is as it was; otherwise finds out what is wrong, puts it right, proves
 * it, and says so. Failures end nothing: they are said once, and tried again later and later.
 *
 * @param memory is changed
 */
export function watchOnce(host: Host, state: string, memory: Memory, options: WatchOptions): WatchEvent[] {
  const { counters } = memory;
  const started = host.clock.monotonic();
  const news: News[] = [];
  try {
    poll(host, state, memory, options, news);
  } catch (error) {
    memory.failures += 1;
    memory.wakeAt = started + delayMs(memory.failures - 1);
    news.push(...failureNews(memory, everything, asFailure(error)));
  }
  counters.polls += 1;
  counters.pollMs += host.clock.monotonic() - started;
  counters.lastPollAt = host.clock.now();
  return news.map((one) => eventOf(one, host.clock.now()));
}

/** @param news gets what is to be said, also that which comes before a failure */
function poll(host: Host, state: string, memory: Memory, options: WatchOptions, news: News[]): void {
  const now = host.clock.monotonic();
  const before = memory.sight;
  const seen = look(host, state, memory.emulators);
  const isProofDue = now >= memory.proveAt;
  const isChanged = before === undefined || !sameSight(seen, before);
  if (!isChanged && now < memory.wakeAt && !isProofDue) return;
  memory.sight =
    before !== undefined && isChanged ? lookWhenSettled(host, state, memory.emulators, seen) : seen;
  if (before?.files !== seen.files) retryFailures(memory, now);

  const given = options.architectures ?? [];
  news.push(...refreshWanted(host, state, memory, given));
  const due = judge(host, state, memory, options, news);
  const { adopt = false, dryRun = false } = options;
  news.push(...putRight(host, memory, due, { state, given, adopt, dryRun }));
  news.push(...refreshWanted(host, state, memory, given));
  // What is not done is not said again and again either.
  if (dryRun) memory.wakeAt = Number.POSITIVE_INFINITY;
  else memory.wakeAt = Math.min(memory.wakeAt, ...due.map((one) => nextAttempt(memory, one)));
  memory.failures = 0;
  memory.said.delete(everything);
  const isBroken = [...memory.proofs.values()].some(({ isProven }) => !isProven);
  if (isProofDue || (isChanged && isBroken)) {
    memory.proveAt = options.probeIntervalMs === 0 ? Number.POSITIVE_INFINITY : now + options.probeIntervalMs;
    const isProven = ({ architecture }: Situation): boolean => !memory.said.has(architecture);
    const done = dryRun ? [] : due.filter(isProven);
    news.push(...proveAll(host, state, memory, new Set(done.map(({ architecture }) => architecture))));
  }
  memory.sight = look(host, state, memory.emulators);
}

/** Monotonic milliseconds; Infinity when it went well. */
function nextAttempt({ said, situations, damping }: Memory, { architecture }: Situation): number {
  const isRight = !said.has(architecture) && situations.get(architecture)?.trouble === undefined;
  return isRight ? Number.POSITIVE_INFINITY : (damping.get(architecture)?.notBefore ?? 0);
}

/** Finds out what is to be put right now. */
function judge(
  host: Host,
  state: string,
  memory: Memory,
  { enforce = false, dryRun = false }: WatchOptions,
  news: News[],
): readonly Situation[] {
  const found = survey(host, state);
  const { situations, tableTrouble } = takeStock(found, memory);
  const decision = decide({
    situations,
    before: memory.situations,
    damping: memory.damping,
    tableTrouble,
    tableBefore: memory.tableTrouble,
    now: host.clock.monotonic(),
    enforce,
  });
  news.push(...decision.news);
  memory.wakeAt = decision.wakeAt;
  memory.tableTrouble = tableTrouble?.message;
  // What is wrong besides is said when the table is in use again.
  if (tableTrouble === undefined) for (const one of situations) memory.situations.set(one.architecture, one);
  memory.emulators = emulatorFiles(found, memory);
  const due = new Set(decision.reassert);
  if (!dryRun && tableTrouble === undefined)
    for (const one of situations) if (isUnclaimed(memory, one)) due.add(one);
  return [...due];
}

/** Not wanted by `register`, and never registered by it: `unregister` would have nothing to take back. */
function isUnclaimed({ claimed, wanted }: Memory, { architecture, trouble }: Situation): boolean {
  const source = wanted.find((one) => one.architecture === architecture)?.source;
  return trouble === undefined && source !== 'register' && !claimed.has(architecture);
}

/** Of the entries that are ours or in force, and those that were asked for by their paths. */
function emulatorFiles({ entries }: Survey, { wanted, situations }: Memory): string[] {
  const inForce = new Set([...situations.values()].map((one) => one.inForce));
  const used = entries
    .filter(({ owner, listed }) => owner.kind === 'anyarch' || inForce.has(listed.text))
    .flatMap(({ listed }) => (listed.entry === undefined ? [] : [listed.entry.interpreter]));
  const asked = wanted.flatMap(({ options: { qemu } }) => (qemu?.startsWith('/') === true ? [qemu] : []));
  return [...new Set([...used, ...asked])];
}

/** A file has changed: what failed may work now. */
function retryFailures({ said, damping }: Memory, now: number): void {
  for (const [architecture, before] of damping) {
    const isSpent = before.attempts.length >= mostPerHour;
    if (said.has(architecture) && !isSpent) damping.set(architecture, { ...before, notBefore: now });
  }
}
