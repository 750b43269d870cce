/**
 * A launcher is a tiny static program for the host that carries out a list of system calls, generated as data:
 * namespaces, mounts, a private binfmt_misc table, raw execve. It does what Node cannot (unshare, mount, execve
 * without a shell fallback) in well under a millisecond, and reports which call failed with which errno.
 */

/** System calls that a launcher can make. The generic forms only (`openat`, not `open`): all hosts have them. */
export const systemCalls = [
  'capset', 'chdir', 'chroot', 'clone', 'close', 'dup3', 'execve', 'exit_group', 'faccessat', 'fchdir', 'fchmodat',
  'fchownat', 'fcntl', 'getpid', 'ioctl', 'kill', 'mkdirat', 'mknodat', 'mount', 'openat', 'pivot_root', 'ppoll',
  'prctl', 'read', 'rt_sigaction', 'setgroups', 'sethostname', 'setns', 'setpgid', 'setresgid', 'setresuid', 'setsid',
  'symlinkat', 'umask', 'umount2', 'unlinkat', 'unshare', 'wait4', 'write',
] as const;
export type SystemCall = (typeof systemCalls)[number];

/** A word of memory that a step can store its result in and that later steps take as an argument. Starts as 0. */
export interface Variable {
  readonly variable: string;
}

/** What stands in a system call's argument. */
export type Argument =
  /** The value; negative ones are sign-extended. */
  | number
  | bigint
  /** Pointer to the UTF-8 text, NUL-terminated. */
  | string
  /** Pointer to a writable copy of the bytes; the same object is placed once. */
  | Uint8Array
  /** The variable's value. */
  | Variable
  /** The address of the variable's word. */
  | { readonly pointerTo: Variable }
  /** Pointer to the string argv[n] of the launcher's own argument vector. */
  | { readonly argument: number }
  /** Pointer to the launcher's own argument vector from n on. */
  | { readonly argumentsFrom: number }
  /** The launcher's own environment vector. */
  | { readonly environment: true };

/** One system call and where to go on afterwards. Without `next` the following step comes. */
export interface Step {
  readonly label?: string;
  readonly call: SystemCall;
  readonly arguments: readonly Argument[];
  /** Takes the result (negative errno on failure). */
  readonly store?: Variable;
  /** Label to go to when the result equals the value. */
  readonly when?: { readonly equals: number | Variable; readonly goTo: string };
  readonly next?: string;
  /**
   * What a failure leads to: `report` (default) writes a failure record to the report descriptor and exits 125;
   * `ignore` goes on as if it had succeeded; `{ goTo }` continues at a label.
   */
  readonly onError?: 'report' | 'ignore' | { readonly goTo: string };
}

export interface Program {
  readonly steps: readonly Step[];
  /** File descriptor that failure records are written to. Default 3. */
  readonly reportDescriptor?: number;
}

/**
 * What the launcher writes when a step fails: two 32-bit integers in the host's byte order, the index of the
 * step in `Program.steps` and the positive errno. 8 bytes.
 */
export interface FailureRecord {
  readonly step: number;
  readonly errno: number;
}
