export interface ProcessOptions {
  /** Set on top of this process's own; undefined removes. `LC_ALL: 'C'` where messages are parsed. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  readonly input?: Uint8Array | string;
  /** Milliseconds; the process is killed after it. Default 60 000. */
  readonly timeoutMs?: number;
}

/** One shape for success and failure. Output is UTF-8 decoded. */
export interface ProcessResult {
  readonly command: readonly string[];
  /** Undefined when a signal ended it or it never started. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Symbolic errno when the program could not be started: `ENOENT`, `EACCES` … */
  readonly startError: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** Runs host programs. Commands are argument vectors; there is no shell. */
export interface Processes {
  run(command: readonly string[], options?: ProcessOptions): ProcessResult;
}

/** What a raw execve(2) led to. Unlike `Processes.run`, no shell fallback hides ENOEXEC. */
export type ExecutionOutcome =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: number }
  /** execve itself failed: `ENOEXEC`, `ENOENT`, `EACCES`, `ELOOP` … */
  | { readonly kind: 'refused'; readonly errno: string }
  | { readonly kind: 'timeout' };

/** Executes programs of any architecture to find out what the kernel does with them. */
export interface Executor {
  /**
   * @param program absolute path
   * @param options.argv0 what the program is told as its name; default `program`
   * @param options.timeoutMs default 10 000
   */
  execute(
    program: string,
    args?: readonly string[],
    options?: { readonly argv0?: string; readonly timeoutMs?: number },
  ): ExecutionOutcome;
  /**
   * Many at a time, each without arguments: what `execute` gives for each, in the same order, several times faster.
   *
   * @param options.timeoutMs for all of them together, those that have not ended are killed; default 10 000 and
   *   1 000 for each program
   */
  executeAll(
    programs: readonly string[],
    options?: { readonly timeoutMs?: number },
  ): readonly ExecutionOutcome[];
  /**
   * The path of a program that is in no file system, for this executor. Not every host can do it.
   *
   * @throws SystemError EACCES where programs may not be executed from memory (sysctl vm.memfd_noexec)
   */
  readonly inMemory?: (program: Uint8Array) => string;
  /** Frees what `inMemory` keeps. */
  readonly forget?: (path: string) => void;
}
