import { cpuOf } from './judge.ts';
import { listProc, readProc, readProcLink, type ProcFiles } from './proc-files.ts';
import type { Sample, ThreadSample } from './sample.ts';

export interface ThreadState {
  readonly tid: number;
  readonly name: string;
  /** proc(5): R, S, D … */
  readonly state: string;
  readonly wait: string;
  /** The kernel's function that it sleeps in; undefined where the kernel does not tell. */
  readonly kernelFunction: string | undefined;
  /** The kernel's stack, innermost first; for root only. */
  readonly kernelStack: readonly string[];
  /** Milliseconds of CPU time since the quiet began. */
  readonly cpuMs: number;
}

export interface ProcessState {
  readonly pid: number;
  readonly parent: number;
  /** Its argument vector, the emulator's words included. */
  readonly command: readonly string[];
  /** What /proc/PID/exe leads to. */
  readonly program: string | undefined;
  readonly threads: readonly ThreadState[];
  /** `0 → /dev/null`. */
  readonly descriptors: readonly string[];
  /** Lines of /proc/PID/status that tell about memory, signals and ids. */
  readonly status: readonly string[];
}

const tellingStatus = /^(State|Uid|VmRSS|VmSize|Threads|SigPnd|ShdPnd|SigBlk|SigCgt|Seccomp|NoNewPrivs):/;

/** Threads of a process of which the kernel is asked where they sleep: that takes it a millisecond each. */
const mostAsked = 200;

/** What can be read of processes that are about to be killed. */
export function collectState(files: ProcFiles, first: Sample, last: Sample): ProcessState[] {
  return last.processes.map(({ pid, parent, threads }) => {
    const before = first.processes.find((process) => process.pid === pid)?.threads ?? [];
    const befores = new Map(before.map((thread) => [thread.tid, thread]));
    return {
      pid,
      parent,
      command: (readProc(files, `/proc/${pid}/cmdline`) ?? '').split('\0').filter((word) => word !== ''),
      program: readProcLink(files, `/proc/${pid}/exe`),
      threads: threads.map((thread, index) =>
        threadState(files, pid, befores.get(thread.tid), thread, index < mostAsked),
      ),
      descriptors: listProc(files, `/proc/${pid}/fd`).flatMap((descriptor) => {
        const target = readProcLink(files, `/proc/${pid}/fd/${descriptor}`);
        return target === undefined ? [] : [`${descriptor} → ${target}`];
      }),
      status: (readProc(files, `/proc/${pid}/status`) ?? '')
        .split('\n')
        .filter((line) => tellingStatus.test(line))
        .map((line) => line.replace(/\s+/g, ' ')),
    };
  });
}

function threadState(
  files: ProcFiles,
  pid: number,
  then: ThreadSample | undefined,
  thread: ThreadSample,
  isAsked: boolean,
): ThreadState {
  const { tid, name, state, wait } = thread;
  const directory = `/proc/${pid}/task/${tid}`;
  const sleepsIn = isAsked ? readProc(files, `${directory}/wchan`) : undefined;
  return {
    tid,
    name,
    state,
    wait: wait.text,
    kernelFunction: sleepsIn === undefined || sleepsIn === '' || sleepsIn === '0' ? undefined : sleepsIn,
    kernelStack: ((isAsked ? readProc(files, `${directory}/stack`) : undefined) ?? '')
      .split('\n')
      .map((line) => line.replace(/^\[<\w+>\]\s*/, ''))
      .filter((line) => line !== ''),
    cpuMs: then === undefined ? 0 : cpuOf(thread) - cpuOf(then),
  };
}
