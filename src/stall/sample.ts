/** What a thread waits for. */
export interface Wait {
  /**
   * - `running`: it does not wait
   * - `inside`: for another part of the guest: a lock, a child, a pipe within the guest
   * - `outside`: for something that may come from elsewhere: input, a network, a terminal, a signal, a disk
   * - `time`: for a time to pass
   * - `nap`: the same, in a thread that runtimes have for their housekeeping
   * - `unknown`: the kernel did not tell
   */
  readonly kind: 'running' | 'inside' | 'outside' | 'time' | 'nap' | 'unknown';
  /** For people: `futex, without a time limit`. */
  readonly text: string;
  /** A wait for the end of a child, or for its news. */
  readonly isForChild?: boolean;
  /** What processes beside the guest's own would have to have open to end an `inside` one. */
  readonly on?: readonly Awaited[];
}

export interface Awaited {
  /** `pipe:[1234]`, `socket:[1234]`, `eventfd:[12]` */
  readonly target: string;
  /** The end of the pipe; undefined where each does. */
  readonly end?: 'read' | 'write';
}

export interface ThreadSample {
  readonly tid: number;
  readonly name: string;
  /** proc(5): R, S, D, T, t, Z, X, I. */
  readonly state: string;
  /** In clock ticks since the machine's start: tells a thread from a later one of the same number. */
  readonly startTime: string;
  /** Milliseconds of CPU time in user mode and in the kernel, in steps of a clock tick. */
  readonly userMs: number;
  readonly systemMs: number;
  /** Milliseconds on a CPU, and waiting for one while it could run; undefined where the kernel does not tell. */
  readonly cpuMs: number | undefined;
  readonly delayMs: number | undefined;
  /** How often it slept, all its life. */
  readonly sleeps: number;
  readonly wait: Wait;
}

export interface ProcessSample {
  readonly pid: number;
  readonly parent: number;
  /** Calls that read or write, and bytes, all its life; undefined where the kernel does not tell. */
  readonly transfer: string | undefined;
  /** Pages of its address space, and those in memory. */
  readonly pages: { readonly size: number; readonly resident: number } | undefined;
  readonly threads: readonly ThreadSample[];
}

/** A guest's processes at one moment. */
export interface Sample {
  /** Milliseconds, monotonic. */
  readonly atMs: number;
  readonly processes: readonly ProcessSample[];
}

export function isAlive({ state }: Pick<ThreadSample, 'state'>): boolean {
  return state !== 'Z' && state !== 'X';
}
