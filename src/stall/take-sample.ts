import { heldBy } from './elsewhere.ts';
import { ownPairs, sharedTargets } from './ends.ts';
import { housekeepingWait } from './housekeeping.ts';
import { listProc, parseStat, readProc, readProcLink, type ProcFiles } from './proc-files.ts';
import { isAlive, type ProcessSample, type Sample, type ThreadSample, type Wait } from './sample.ts';
import { sharedMemory } from './shared-memory.ts';
import { signalsOf, wokenBySignals, type Signals } from './signals.ts';
import { waitIn } from './wait.ts';
import type { Descriptors } from './descriptor.ts';
import type { WaitingCall } from './waiting-call.ts';

export interface Sampler {
  readonly files: ProcFiles;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
  /** Names this machine's system calls; undefined for a machine whose calls are not known. */
  readonly nameCall: ((number: number) => WaitingCall | undefined) | undefined;
  readonly isLittleEndian: boolean;
  /** What threads did at the last look, for those of many that have not run since; by number. */
  readonly seen?: Map<number, Seen>;
}

interface Seen {
  /** Changes whenever it runs. */
  readonly schedule: string;
  readonly sample: ThreadSample;
}

/** USER_HZ is 100 wherever emulators run. */
const tickMs = 10;

/** Of each QEMU: it frees what other threads do not use any more. */
const emulatorsOwn = 'call_rcu';

/** What the processes and their threads do now. Those that have ended are left out. */
export function takeSample(sampler: Sampler, pids: readonly number[]): Sample {
  const atMs = sampler.now();
  const parents = new Set<number>();
  const found = pids.flatMap((pid) => {
    const stat = parseStat(readProc(sampler.files, `/proc/${pid}/stat`) ?? '');
    if (stat === undefined) return [];
    if (stat.state !== 'Z') parents.add(stat.parent);
    return [{ pid, parent: stat.parent }];
  });
  const lookUp = descriptorsOf(
    sampler.files,
    found.map(({ pid }) => pid),
  );
  const processes = found.map(({ pid, parent }): ProcessSample => {
    const hasChildren = parents.has(pid);
    const { files } = sampler;
    let signals: Signals | undefined;
    const owner: Owner = {
      pid,
      hasChildren,
      descriptors: lookUp(pid),
      isShared: sharedMemory(files, pid),
      signals: () => (signals ??= signalsOf(files, pid)),
    };
    const threads = listProc(files, `/proc/${pid}/task`).flatMap(
      (tid) => threadSample(sampler, owner, Number(tid)) ?? [],
    );
    return { pid, parent, transfer: transferOf(files, pid), pages: pagesOf(files, pid), threads };
  });
  return { atMs, processes };
}

interface Owner {
  readonly pid: number;
  readonly hasChildren: boolean;
  readonly descriptors: Descriptors;
  readonly isShared: (address: number) => boolean;
  readonly signals: () => Signals;
}

function threadSample(sampler: Sampler, owner: Owner, tid: number): ThreadSample | undefined {
  const { files } = sampler;
  const directory = `/proc/${owner.pid}/task/${tid}`;
  const schedule = readProc(files, `${directory}/schedstat`) ?? '';
  const seen = sampler.seen?.get(tid);
  if (seen !== undefined && schedule !== '' && seen.schedule === schedule) return seen.sample;
  const stat = parseStat(readProc(files, `${directory}/stat`) ?? '');
  if (stat === undefined) return undefined;
  const status = readProc(files, `${directory}/status`) ?? '';
  const [cpu, delay] = schedule.split(' ').map(Number);
  const wait = isAlive(stat)
    ? waitOf(sampler, owner, tid, stat.name)
    : { kind: 'running' as const, text: 'has ended' };
  const sample = {
    tid,
    name: stat.name,
    state: stat.state,
    startTime: stat.startTime,
    userMs: stat.user * tickMs,
    systemMs: stat.system * tickMs,
    cpuMs: delay === undefined || cpu === undefined ? undefined : cpu / 1e6,
    delayMs: delay === undefined ? undefined : delay / 1e6,
    sleeps: Number(/^voluntary_ctxt_switches:\s*(\d+)/m.exec(status)?.[1] ?? 0),
    wait,
  };
  // What waits for others' descriptors depends on those.
  if (wait.kind === 'inside' && wait.on === undefined && wait.isForChild !== true)
    sampler.seen?.set(tid, { schedule, sample });
  else sampler.seen?.delete(tid);
  return sample;
}

/** proc(5), syscall: `running`, or the call's number (-1: blocked in none) and its arguments. */
function waitOf({ files, nameCall, isLittleEndian }: Sampler, owner: Owner, tid: number, name: string): Wait {
  const text = readProc(files, `/proc/${owner.pid}/task/${tid}/syscall`)?.trim();
  if (text === undefined || text === '') return { kind: 'unknown', text: 'the kernel does not tell' };
  if (text === 'running') return { kind: 'running', text };
  const [number = '', ...words] = text.split(' ');
  const call = nameCall?.(Number(number));
  if (number === '-1') return { kind: 'outside', text: 'the kernel, in no system call' };
  if (call === undefined) return { kind: 'outside', text: `system call ${number}` };
  if (name === emulatorsOwn && call === 'futex') return { kind: 'inside', text: "futex, the emulator's own" };
  const wait = waitIn({ ...owner, call, arguments: words.map(word), memory: files, isLittleEndian });
  if (wait.kind !== 'inside' && wait.kind !== 'time') return wait;
  const signals = owner.signals();
  return housekeepingWait(wokenBySignals(wait, signals), name, call, signals);
}

/** A register as a number; what is near the end of the address space is a negative one. */
function word(text: string): number {
  if (!/^0x[0-9a-f]+$/.test(text)) return 0;
  return Number(BigInt.asIntN(64, BigInt(text)));
}

/** The lines of /proc/PID/io that change when it reads or writes anything, devices and pipes included. */
function transferOf(files: ProcFiles, pid: number): string | undefined {
  const text = readProc(files, `/proc/${pid}/io`);
  if (text === undefined) return undefined;
  return [...text.matchAll(/^(?:rchar|wchar|syscr|syscw): (\d+)/gm)].map(([, number]) => number).join(' ');
}

function pagesOf(files: ProcFiles, pid: number): ProcessSample['pages'] {
  const [size, resident] = (readProc(files, `/proc/${pid}/statm`) ?? '').split(' ').map(Number);
  return size === undefined || resident === undefined ? undefined : { size, resident };
}

/** Looked up when the first thread waits for a descriptor, once for all. */
function descriptorsOf(files: ProcFiles, pids: readonly number[]): (pid: number) => Descriptors {
  let shared: ReadonlySet<string> | undefined;
  let pairs: ReadonlySet<string> | undefined;
  let ends: ReadonlySet<string> | undefined;
  return (pid) => ({
    target: (descriptor) => readProcLink(files, `/proc/${pid}/fd/${descriptor}`),
    info: (descriptor) => readProc(files, `/proc/${pid}/fdinfo/${descriptor}`),
    isHeld: (pipe, end) => (ends ??= pipeEnds(files, pids)).has(`${end} ${pipe}`),
    isShared: (target) => (shared ??= sharedTargets(files)).has(target),
    isOwnPair: (socket) => (pairs ??= ownPairs(files, pids)).has(socket),
  });
}

function pipeEnds(files: ProcFiles, pids: readonly number[]): Set<string> {
  return new Set(
    pids.flatMap((pid) =>
      heldBy(files, `${pid}`).flatMap(({ target, ends = [] }) => ends.map((end) => `${end} ${target}`)),
    ),
  );
}
