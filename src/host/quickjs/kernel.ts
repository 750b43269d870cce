import type { FileStatus } from '../files.ts';
import type { ExecutionOutcome } from '../processes.ts';

/**
 * What the image's program offers to JavaScript, in the global `kernel`: mostly one system call each. A refused one
 * throws `Refusal`. Strings pass as UTF-8; numbers called `descriptor` are open files, closed on exec.
 * Written in C: native/entrypoint/.
 */
export interface Kernel {
  openToRead(path: string): number;
  /** Of an existing file, which is not truncated. */
  openToWrite(path: string): number;
  /** For writing; EEXIST when there is one. The umask takes bits of the mode away. */
  create(path: string, mode: number): number;
  /** A descriptor that only names the place (O_PATH); triggers no autofs. */
  locate(path: string): number;
  close(descriptor: number): void;
  /** One read(2) of at most `length` bytes, or pread(2) where an offset is given. */
  read(descriptor: number, length: number, offset?: number): Uint8Array;
  /** One write(2); the result says how many bytes of it were taken. */
  writeOnce(descriptor: number, data: Uint8Array): number;
  /** Everything; waits while a pipe is full. */
  writeAll(descriptor: number, data: Uint8Array | string): void;
  chmod(descriptor: number, mode: number): void;
  /** flock(2), until the descriptor is closed; false while another one's lock is in the way. */
  tryLock(descriptor: number, shared: boolean): boolean;
  /** fsync(2) */
  synchronize(descriptor: number): void;
  /** Of all that is left to read, lower-case hexadecimal. */
  sha256(descriptor: number): string;
  /** An executable file without a name but `/proc/self/fd/NUMBER`, which `execute` takes, too. */
  fileInMemory(data: Uint8Array): number;
  /** `f_type` of fstatfs(2) */
  fileSystemType(descriptor: number): number;

  /** In the kernel's order, without `.` and `..`. */
  list(path: string): string[];
  status(path: string): FileStatus;
  linkStatus(path: string): FileStatus;
  readLink(path: string): string;
  realPath(path: string): string;
  /** access(2) with X_OK */
  checkExecute(path: string): void;
  makeDirectory(path: string, mode: number): void;
  removeDirectory(path: string): void;
  unlink(path: string): void;
  rename(from: string, to: string): void;
  /** A further name for a file. */
  link(existing: string, added: string): void;
  mount(source: string, target: string, type: string, flags: number): void;

  /** Behind the program's own name. */
  words(): string[];
  /** `NAME=value` */
  environment(): string[];
  identity(): KernelIdentity;
  /** Milliseconds from an arbitrary start, never going back. */
  monotonic(): number;
  sleep(ms: number): void;
  /**
   * Sleeps until SIGTERM, SIGINT or SIGHUP comes, or came since the first call: from then on they end the program no more.
   *
   * @returns the signal's number; 0 when the time is over
   */
  waitForSignal(ms: number): number;

  /**
   * One program, found along the PATH of its environment; killed after `timeoutMs`.
   *
   * @param environment `NAME=value`
   */
  run(
    words: readonly string[],
    environment: readonly string[],
    directory: string | undefined,
    input: Uint8Array | string,
    timeoutMs: number,
  ): KernelRun;
  /**
   * What execve(2) leads to for each of the paths, some at a time, without input and output.
   *
   * @param vectors the argument vector for each
   * @param timeoutMs for all of them together
   */
  execute(
    programs: readonly string[],
    vectors: readonly (readonly string[])[],
    timeoutMs: number,
  ): ExecutionOutcome[];
  exit(code: number): never;
}

/** What a primitive throws when the kernel refuses. */
export interface Refusal {
  /** `ENOENT`; `E999` for a number without a name. */
  readonly errno: string;
}

export interface KernelIdentity {
  readonly uid: number;
  readonly gid: number;
  readonly pid: number;
  readonly machine: string;
  readonly release: string;
}

export interface KernelRun {
  readonly exitCode?: number;
  readonly signal?: number;
  /** Symbolic errno of what kept it from being started. */
  readonly startError?: string;
  readonly timedOut: boolean;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

declare global {
  /** Exists in the image's program only. */
  var kernel: Kernel;
}
