import type { Host } from '../host/host.ts';
import { cpuBetween, leastShare, signOfLife, type Quiet } from './judge.ts';
import { processTree } from './process-tree.ts';
import type { Sample } from './sample.ts';
import { takeSample, type ProcFiles, type Sampler } from './take-sample.ts';
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
  /** Called once, before anything is killed. */
  readonly onStall: (stall: Stall, pids: readonly number[]) => void;
}

/** Samples in the time that a guest is given; seldom enough to cost nothing. Milliseconds. */
const samplesInTime = 10;
const shortest = 50;
const longest = 2000;

/** Looks at a process and all that come from it until they have made no progress for that time. */
export function watchForStall(
  host: Host,
  root: number,
  { timeoutMs, signs, onStall }: StallOptions,
): StallWatch {
  const sampler = samplerOf(host);
  const tree = processTree(host.files, root);
  const intervalMs = Math.min(longest, Math.max(shortest, timeoutMs / samplesInTime));
  let quiet: Quiet | undefined;
  let seen = 0;
  const look = (): void => {
    const signsNow = signs?.() ?? 0;
    if (signsNow !== seen) quiet = undefined;
    seen = signsNow;
    const pids = tree.look();
    const now = takeSample(sampler, pids);
    quiet = continued(quiet, now, intervalMs, (sign) => {
      host.log.debug(`no stall: ${sign}`);
    });
    if (quiet.last.atMs - quiet.first.atMs < timeoutMs) return;
    clearInterval(timer);
    onStall(stallOf(host.files, quiet), pids);
  };
  const timer = setInterval(look, intervalMs);
  timer.unref();
  return {
    stop: () => {
      clearInterval(timer);
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
  };
}

function stallOf(files: ProcFiles, { first, last }: Quiet): Stall {
  const quietMs = last.atMs - first.atMs;
  const cpuMs = cpuBetween(first, last);
  // A spinning thread is one processor's whole time, unless others want it, too.
  const kind = cpuMs >= leastShare * quietMs ? 'spins' : 'waits';
  return { kind, quietMs, cpuMs, processes: collectState(files, first, last) };
}
