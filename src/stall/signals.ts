import { readProc, type ProcFiles } from './proc-files.ts';
import type { Wait } from './sample.ts';

/** What may wake a process's threads up that is neither a thread nor a descriptor. */
export interface Signals {
  /** It handles nearly every signal: a program of Go, or QEMU before 8.0, which handles them on behalf of every guest. */
  readonly areAll: boolean;
  /** Clauses: why a wait may end by itself, or by a signal from elsewhere. */
  readonly time: string | undefined;
  readonly sent: string | undefined;
}

/** include/uapi/asm-generic/signal.h; the same on all hosts whose system calls are known. */
const timed: Readonly<Record<number, string>> = { 14: 'SIGALRM', 26: 'SIGVTALRM', 27: 'SIGPROF' };
const sent: Readonly<Record<number, string>> = { 10: 'SIGUSR1', 12: 'SIGUSR2', 29: 'SIGIO' };
/** Those below are the C libraries', which QEMU moves by some, and what runtimes interrupt their threads with. */
const firstRealTime = 40;
/** Nobody chooses that many. */
const nearlyAll = 40;

/**
 * Handled by programs of these names whatever they wait for. QEMU's own, measured with 10.0 and 11.1: SIGQUIT, SIGILL, SIGTRAP, SIGBUS, SIGFPE,
 * SIGSEGV and 33 to 35; none of them is looked at here.
 */
const ownSignals: readonly { readonly names: RegExp; readonly signals: readonly number[] }[] = [
  { names: /^(?:node|nodejs|g?make)$/, signals: [10] },
  { names: /^(?:java|javac|jshell)$/, signals: [12] },
];

export function signalsOf(files: ProcFiles, pid: number): Signals {
  const caught = caughtBy(files, pid);
  if (caught.length >= nearlyAll) return { areAll: true, time: timerOf(files, pid), sent: undefined };
  const clock = caught.map((number) => timed[number]).find((name) => name !== undefined);
  const candidates = caught.filter((number) => number in sent || number >= firstRealTime);
  const own = candidates.length === 0 ? [] : ownOf(files, pid);
  const other = candidates.find((number) => !own.includes(number));
  return {
    areAll: false,
    time: timerOf(files, pid) ?? (clock === undefined ? undefined : `it handles ${clock}`),
    sent: other === undefined ? undefined : `it handles ${sent[other] ?? `signal ${other}`}`,
  };
}

/** A wait inside of the guest, with what else may end it. */
export function wokenBySignals(wait: Wait, { time, sent: other }: Signals): Wait {
  if (wait.kind !== 'inside') return wait;
  if (time !== undefined) return { kind: 'time', text: `${wait.text}; ${time}` };
  // What waits for a child goes on waiting after a signal.
  if (other === undefined || wait.isForChild === true) return wait;
  return { kind: 'outside', text: `${wait.text}; ${other}` };
}

function caughtBy(files: ProcFiles, pid: number): number[] {
  const text = /^SigCgt:\s*([0-9a-f]+)/m.exec(readProc(files, `/proc/${pid}/status`) ?? '')?.[1];
  const mask = text === undefined ? 0n : BigInt(`0x${text}`);
  return Array.from({ length: 64 }, (_, index) => index + 1).filter(
    (number) => ((mask >> BigInt(number - 1)) & 1n) === 1n,
  );
}

/** timer_create(2)'s; those of alarm(2) and setitimer(2) are told nowhere, but their handlers are. */
function timerOf(files: ProcFiles, pid: number): string | undefined {
  return /^ID:/m.test(readProc(files, `/proc/${pid}/timers`) ?? '') ? 'it has a timer' : undefined;
}

/** The program's name is among the first words, behind the emulator and its options. */
function ownOf(files: ProcFiles, pid: number): readonly number[] {
  const words = (readProc(files, `/proc/${pid}/cmdline`) ?? '').split('\0').slice(0, 6);
  const names = words.map((word) => word.slice(word.lastIndexOf('/') + 1));
  return ownSignals.flatMap(({ names: known, signals }) =>
    names.some((name) => known.test(name)) ? signals : [],
  );
}
