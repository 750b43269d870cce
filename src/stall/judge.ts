import { isAlive, type ProcessSample, type Sample, type ThreadSample } from './sample.ts';

/** A time in which nothing of a guest has made progress. */
export interface Quiet {
  readonly first: Sample;
  /** The newest one. */
  readonly last: Sample;
}

/** Parts of the time since the last sample, or of that since the quiet began. */
const busyShare = 0.1;
const starvedShare = 0.5;
/** Less than it is no share of a CPU that others use, too. */
export const leastShare = 0.05;
const kernelShare = 0.02;
/** Milliseconds: ticks that a thread without system calls may be charged for as spent in the kernel. */
const kernelNoiseMs = 30;
/** Pages that housekeeping may touch. */
const pageNoise = 16;
/** A second. Threads that look after others wake up more often, programs that look for something seldom so. */
const napsOfHousekeeping = 5;

/**
 * Why the guest has not stalled, as one clause, or undefined: then nothing but its CPU time has changed since the quiet began.
 * docs/stalls.md says what counts, and why.
 */
export function signOfLife({ first, last }: Quiet, now: Sample): string | undefined {
  const processes = now.processes.filter(({ threads }) => threads.some(isAlive));
  if (processes.length === 0) return 'it is ending';
  if (namesOf(last) !== namesOf(now)) return 'a process or a thread began or ended';
  const elapsed = now.atMs - last.atMs;
  for (const process of processes) {
    const before = find(last, process);
    const atFirst = find(first, process);
    if (before === undefined || atFirst === undefined) return 'a process began';
    const threadsBefore = threadsOf(before);
    const threadsAtFirst = threadsOf(atFirst);
    if (process.transfer !== before.transfer) return `process ${process.pid} read or wrote`;
    if (hasGrown(atFirst, process)) return `process ${process.pid} got or gave back memory`;
    for (const thread of process.threads.filter(isAlive)) {
      const threadBefore = threadsBefore.get(thread.tid);
      const threadAtFirst = threadsAtFirst.get(thread.tid);
      if (threadBefore === undefined || threadAtFirst === undefined) return 'a thread began';
      const sign =
        signOfWaiting(process, threadBefore, thread, elapsed) ??
        signOfRunning(threadAtFirst, threadBefore, thread, elapsed);
      if (sign !== undefined) return `thread ${thread.tid} ${sign}`;
    }
  }
  return undefined;
}

/** Milliseconds of CPU time between two samples. */
export function cpuBetween(first: Sample, last: Sample): number {
  return last.processes
    .flatMap((process) => {
      const before = find(first, process);
      const threadsBefore = before === undefined ? undefined : threadsOf(before);
      return process.threads.map((thread) => {
        const threadBefore = threadsBefore?.get(thread.tid);
        return threadBefore === undefined ? 0 : cpuOf(thread) - cpuOf(threadBefore);
      });
    })
    .reduce((sum, ms) => sum + ms, 0);
}

export function cpuOf({ cpuMs, userMs, systemMs }: ThreadSample): number {
  return cpuMs ?? userMs + systemMs;
}

function signOfWaiting(
  process: ProcessSample,
  before: ThreadSample,
  thread: ThreadSample,
  elapsed: number,
): string | undefined {
  if (thread.state === 'T' || thread.state === 't') return 'is stopped from outside';
  const sleeps = thread.sleeps - before.sleeps;
  switch (thread.wait.kind) {
    case 'outside':
    case 'unknown':
    case 'time':
      return `waits: ${thread.wait.text}`;
    case 'nap':
      return isHousekeeping(process, thread, (sleeps * 1000) / elapsed)
        ? undefined
        : `waits: ${thread.wait.text}`;
    case 'inside':
      return sleeps > 0 ? 'was woken' : undefined;
    case 'running':
      return undefined;
  }
}

/** A thread of a runtime that looks around many times a second, while others of the same process wait for each other. */
function isHousekeeping({ pid, threads }: ProcessSample, thread: ThreadSample, naps: number): boolean {
  return (
    thread.tid !== pid && naps >= napsOfHousekeeping && threads.some(({ wait }) => wait.kind === 'inside')
  );
}

function signOfRunning(
  first: ThreadSample,
  before: ThreadSample,
  thread: ThreadSample,
  elapsed: number,
): string | undefined {
  const delay = (thread.delayMs ?? 0) - (before.delayMs ?? 0);
  const cpu = cpuOf(thread) - cpuOf(before);
  const isStarved = delay >= starvedShare * elapsed && cpu < leastShare * elapsed;
  if (thread.wait.kind === 'running' && isStarved) return 'waits for a CPU';
  const isBusy = cpu >= busyShare * elapsed;
  if (isBusy && thread.sleeps !== before.sleeps) return 'sleeps and wakes';
  const inKernel = thread.systemMs - first.systemMs;
  const inAll = inKernel + thread.userMs - first.userMs;
  return isBusy && inKernel > kernelNoiseMs + kernelShare * inAll ? 'makes system calls' : undefined;
}

/** The size changes by system calls only; pages come into memory as they are used for the first time. */
function hasGrown(first: ProcessSample, now: ProcessSample): boolean {
  if (first.pages === undefined || now.pages === undefined) return false;
  return first.pages.size !== now.pages.size || now.pages.resident > first.pages.resident + pageNoise;
}

/** A program that executes another one keeps its number: the name tells. */
function namesOf({ processes }: Sample): string {
  return processes
    .flatMap(({ pid, threads }) =>
      threads.map(
        (thread) => `${pid}/${thread.tid}/${thread.startTime}/${thread.name}/${isAlive(thread) ? '' : 'Z'}`,
      ),
    )
    .sort()
    .join('\n');
}

function find({ processes }: Sample, { pid }: ProcessSample): ProcessSample | undefined {
  return processes.find((process) => process.pid === pid);
}

/** There may be thousands. */
function threadsOf({ threads }: ProcessSample): ReadonlyMap<number, ThreadSample> {
  return new Map(threads.map((thread) => [thread.tid, thread]));
}
