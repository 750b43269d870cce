import type { Host } from '../host/host.ts';
import { cpuBetween, leastShare, signOfLife, type Quiet } from './judge.ts';
import { holderElsewhere } from './elsewhere.ts';
import type { ProcFiles } from './proc-files.ts';
import { processTree } from './process-tree.ts';
import type { Sample } from './sample.ts';
import { takeSample, type Sampler } from './take-sample.ts';
import { collectState, type ProcessState } from './state.ts';
import { waitingCallsOf } from './waiting-call.ts';

/**
 * - `waits`: its threads wait for each other, and nothing else can wake them up
 * - `spins`: it uses CPU time and makes no system call; it may compute, which cannot be told apart
 */
export interface Stall {
  readonly kind: 'waits' | 'spins';
  /** Milliseconds without progress, and CPU time in them. */
  readonly quietMs: number;
  readonly cpuMs: number;
  readonly processes: readonly ProcessState[];
}

export interface StallWatch {
  /** Ends the watching. */
  readonly stop: () => void;
}

export interface StallOptions {
  /** Milliseconds without progress. */
  readonly timeoutMs: number;
  /** Grows with each sign of life that is not seen in /proc. */
  readonly signs?: () => number;
  /** A variable, `K=V`, that the guest was given: processes that have it are its own, whoever their parent is. */
  readonly mark?: string;
  /** Called once, before anything is killed. */
  readonly onStall: (stall: Stall, pids: readonly number[]) => void;
}

/** Samples in the time that a guest is given; seldom enough to cost nothing. Milliseconds. */
const samplesInTime = 10;
const shortest = 50;
const longest = 2000;
/** Looking takes at most this share of the time, however many threads there are. */
const lookingShare = 0.1;

/** Looks at a process and all that come from it until they have made no progress for that time. */
export function watchForStall(
  host: Host,
  root: number,
  { timeoutMs, signs, mark, onStall }: StallOptions,
): StallWatch {
  const sampler = samplerOf(host);
  const tree = processTree(host.files, root, mark);
  const intervalMs = Math.min(longest, Math.max(shortest, timeoutMs / samplesInTime));
  let quiet: Quiet | undefined;
  let seen = 0;
  let nextMs = intervalMs;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const look = (): void => {
    const signsNow = signs?.() ?? 0;
    if (signsNow !== seen) quiet = undefined;
    seen = signsNow;
    const pids = tree.look();
    const now = takeSample(sampler, pids);
    quiet = continued(quiet, now, nextMs, (sign) => {
      host.log.debug(`no stall: ${sign}`);
      // It may have got handlers and timers meanwhile, which end the waits of others.
      sampler.seen?.clear();
    });
    if (quiet.last.atMs - quiet.first.atMs < timeoutMs) return;
    const holder = holderElsewhere(host.files, now);
    if (holder !== undefined) {
      host.log.debug(`no stall: ${holder}`);
      quiet = undefined;
      return;
    }
    isOver = true;
    onStall(stallOf(host.files, quiet), pids);
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      const before = host.clock.monotonic();
      look();
      nextMs = Math.max(intervalMs, (host.clock.monotonic() - before) / lookingShare);
      if (!isOver) wait();
    }, nextMs);
    timer.unref();
  };
  wait();
  return {
    stop: () => {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** A pause of this process, as by Ctrl-Z, was most likely one of the guest, too: then it begins anew. */
export function continued(
  quiet: Quiet | undefined,
  now: Sample,
  intervalMs: number,
  onSign: (sign: string) => void = () => undefined,
): Quiet {
  if (quiet === undefined) return { first: now, last: now };
  const isLate = now.atMs - quiet.last.atMs > 5 * intervalMs + 1000;
  const sign = isLate ? 'nobody looked for a while' : signOfLife(quiet, now);
  if (sign === undefined) return { first: quiet.first, last: now };
  onSign(sign);
  return { first: now, last: now };
}

function samplerOf({ files, clock, system }: Host): Sampler {
  return {
    files,
    now: () => clock.monotonic(),
    nameCall: waitingCallsOf(system.machine),
    isLittleEndian: system.machine !== 's390x',
    seen: new Map(),
  };
}

function stallOf(files: ProcFiles, { first, last }: Quiet): Stall {
  const quietMs = last.atMs - first.atMs;
  const cpuMs = cpuBetween(first, last);
  // A spinning thread is one processor's whole time, unless others want it, too.
  const kind = cpuMs >= leastShare * quietMs ? 'spins' : 'waits';
  return { kind, quietMs, cpuMs, processes: collectState(files, first, last) };
}
