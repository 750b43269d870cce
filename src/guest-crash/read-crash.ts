/** What an emulator printed when it, or the program in it, could not go on. */
export interface CrashMessage {
  /**
   * - `emulator`: QEMU's own code failed: a fault outside of translated code, an assertion, an instruction that it does not know
   * - `program`: the emulated program got a signal that it did not handle
   * - `start`: QEMU could not start the program, or a thread of it: a file, memory or a permission was missing
   */
  readonly kind: 'emulator' | 'program' | 'start';
  /** The line itself. */
  readonly line: string;
  /** `SIGSEGV`, where it names one. */
  readonly signal: string | undefined;
}

interface Pattern {
  readonly kind: CrashMessage['kind'];
  readonly expression: RegExp;
  readonly signal?: (match: RegExpExecArray) => string | undefined;
}

/** QEMU's linux-user/signal.c, linux-user/main.c, linux-user/elfload.c, cpu_abort(), and what assert(3) and GLib print. */
const patterns: readonly Pattern[] = [
  {
    kind: 'emulator',
    expression: /QEMU internal (SIG[A-Z]+) \{code=/,
    signal: ([, name]) => name,
  },
  {
    kind: 'emulator',
    expression: /ERROR:.*\.[ch](?:\.inc)?:\d+:.*(?:assertion failed|code should not be reached)/,
  },
  { kind: 'emulator', expression: /qemu[\w-]*: .*\.[ch](?:\.inc)?:\d+: .*Assertion .* failed/ },
  { kind: 'emulator', expression: /qemu: unhandled CPU exception 0x[0-9a-f]+ - aborting/ },
  {
    kind: 'emulator',
    expression: /qemu[\w-]*: (?:fatal: |.*tcg fatal error)|\btcg\/.*: tcg fatal error|^tcg fatal error/,
  },
  {
    kind: 'program',
    expression: /qemu: uncaught target signal (\d+) \(/,
    signal: ([, number]) => signalName(Number(number)),
  },
  { kind: 'start', expression: /qemu[\w-]*: Could not open '/ },
  { kind: 'start', expression: /qemu[\w-]*: .*Unable to (?:reserve|find) .*(?:address space|guest.base)/ },
  { kind: 'start', expression: /qemu[\w-]*: .*Could not allocate dynamic translator buffer/ },
  // In the midst of a run, too: a limit of processes, or a seccomp filter.
  { kind: 'start', expression: /qemu[\w-]*: qemu_thread_create: / },
  { kind: 'start', expression: /qemu[\w-]*: .*: Invalid ELF image for this architecture/ },
];

/** Characters; what emulators say is short. */
const longestLine = 1000;

/** The most telling line of what was printed; undefined where no emulator said anything. Never throws. */
export function readCrash(text: string): CrashMessage | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.slice(0, longestLine));
  for (const { kind, expression, signal } of patterns) {
    for (const line of lines) {
      const match = expression.exec(line);
      if (match !== null) return { kind, line: line.trim(), signal: signal?.(match) };
    }
  }
  return undefined;
}

/** Numbers of the emulated architecture's: those that end programs are the same on all but MIPS, SPARC, Alpha and PA-RISC. */
const crashSignals: Readonly<Record<number, string>> = {
  4: 'SIGILL',
  5: 'SIGTRAP',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  11: 'SIGSEGV',
  31: 'SIGSYS',
};

/** Of a signal that ends programs which went wrong; undefined for those that somebody sends. */
export function signalName(number: number): string | undefined {
  return crashSignals[number];
}
