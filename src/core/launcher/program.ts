/**
 * A launcher is a tiny static program for the host that carries out a list of system calls, generated as data:
 * namespaces, mounts, a private binfmt_misc table, raw execve. It does what Node cannot (unshare, mount, execve
 * without a shell fallback) in well under a millisecond, and reports which call failed with which errno.
 */

/** System calls that a launcher can make. The generic forms only (`openat`, not `open`): all hosts have them. */
export const systemCalls = [
  'capset',
  'chdir',
  'chroot',
  'clone',
  'close',
  'close_range',
  'dup3',
  'execve',
  'exit_group',
  'faccessat',
  'fchdir',
  'fchmodat',
  'fchownat',
  'fcntl',
  'flock',
  'getcwd',
  'getpid',
  'ioctl',
  'kill',
  'lgetxattr',
  'lsetxattr',
  'mkdirat',
  'mknodat',
  'mount',
  'mount_setattr',
  'move_mount',
  'open_tree',
  'openat',
  'openat2',
  'personality',
  'pipe2',
  'pivot_root',
  'ppoll',
  'prctl',
  'read',
  'rt_sigaction',
  'setgroups',
  'sethostname',
  'setns',
  'setpgid',
  'setresgid',
  'setresuid',
  'setsid',
  'statx',
  'socket',
  'symlinkat',
  'syncfs',
  'umask',
  'umount2',
  'unlinkat',
  'unshare',
  'wait4',
  'write',
] as const;
export type SystemCall = (typeof systemCalls)[number];

/**
 * A 32-bit signed integer that a step can store its result in, that the kernel can write to (the status of
 * `wait4`), and that later steps take as an argument. Starts as 0. Known by its name within a program.
 * A process made by `clone` has its own copy.
 */
export interface Variable {
  readonly variable: string;
}

/** What stands in a system call's argument. All are evaluated before the call is made. */
export type Argument =
  /** The value, a safe integer; negative ones are sign-extended. */
  | number
  /** Pointer to the UTF-8 text, NUL-terminated. Contains no NUL itself. */
  | string
  /** Pointer to a writable copy of the bytes; the same object is placed once. */
  | Uint8Array
  /** The variable's value, sign-extended. */
  | Variable
  /** The address of the variable. */
  | { readonly pointerTo: Variable }
  /** The exit code in a status that `wait4` wrote, 0 to 255; 0 when a signal ended the process. */
  | { readonly exitCodeOf: Variable }
  /** The signal in a status that `wait4` wrote, plus 128 when a core was dumped; 0 when the process exited. */
  | { readonly signalOf: Variable }
  /** Pointer to the string argv[n] of the launcher's own argument vector, NULL for n = argc. */
  | { readonly argument: number }
  /** Pointer to the launcher's own argument vector from n on. n must not exceed argc. */
  | { readonly argumentsFrom: number }
  /** The launcher's own environment vector. */
  | { readonly environment: true };

/** One system call and where to go on afterwards. Without `next` the following step comes. */
export interface Step {
  readonly label?: string;
  /** `evaluate` makes no system call: its result is its one argument. It is how a program branches on a variable. */
  readonly call: SystemCall | 'evaluate';
  /**
   * In the order of the manual page's raw system call. `clone` takes its flags only: the child goes on with
   * the same stack, as after fork(2); the rest differs by host.
   */
  readonly arguments: readonly Argument[];
  /** Takes the result's low 32 bits (negative errno on failure). */
  readonly store?: Variable;
  /** Label to go to when the result equals the value; a variable counts as it was before the call. */
  readonly when?: { readonly equals: number | Variable; readonly goTo: string };
  readonly next?: string;
  /**
   * What a failure leads to: `report` (default) writes a failure record to the report descriptor and exits 125;
   * `ignore` goes on as if it had succeeded; `{ goTo }` continues at a label.
   */
  readonly onError?: 'report' | 'ignore' | { readonly goTo: string };
}

/** Ends with exit code 0 after the last step, unless that has a `next`. */
export interface Program {
  readonly steps: readonly Step[];
  /** File descriptor that failure records are written to. Default 3. */
  readonly reportDescriptor?: number;
}

/** What a launcher exits with after it wrote a failure record. */
export const failureExitCode = 125;

/**
 * What the launcher writes when a step fails: two 32-bit integers in the host's byte order, the index of the
 * step in `Program.steps` and the positive errno. 8 bytes.
 */
export interface FailureRecord {
  readonly step: number;
  readonly errno: number;
}
