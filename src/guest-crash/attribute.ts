import { readCrash, signalName, type CrashMessage } from './read-crash.ts';

export interface GuestEnd {
  readonly exitCode: number;
  /** That ended it itself; undefined where it returned an exit code. */
  readonly signal?: number | undefined;
  /** The end of what it and its emulators wrote to standard error; undefined where nobody read that. */
  readonly printed?: string | undefined;
}

/**
 * - `emulator`: QEMU itself failed
 * - `program`: the emulated program got a signal, by a fault of its own or because it was emulated wrongly
 * - `aborted`: the program ended itself by abort(3)
 * - `either`: a signal, and what QEMU said of it was not read
 * - `start`: QEMU could not start it, or a thread of it: something of the host was missing
 */
export interface Crash {
  readonly kind: 'emulator' | 'program' | 'aborted' | 'either' | 'start';
  /** `SIGSEGV` */
  readonly signal: string | undefined;
  /** It was a program that the guest had started: the guest returned 128 and the signal's number, as shells do. */
  readonly isOfChild: boolean;
  /** The line that decided. */
  readonly message: string | undefined;
}

/** Whether a guest crashed, and what did: undefined where it failed by itself, as programs do, or was killed by somebody. */
export function attributeCrash({ exitCode, signal, printed }: GuestEnd): Crash | undefined {
  if (exitCode === 0) return undefined;
  const said = printed === undefined ? undefined : readCrash(printed);
  const number = signal ?? (exitCode > 128 ? exitCode - 128 : undefined);
  const name = number === undefined ? undefined : signalName(number);
  const isOfChild = signal === undefined;
  if (name === undefined) return signal === undefined && said !== undefined ? ofMessage(said) : undefined;
  if (said !== undefined)
    return { kind: kindOf(said, name), signal: said.signal ?? name, isOfChild, message: said.line };
  // QEMU says so whenever a signal ends the program in it.
  if (printed !== undefined) return undefined;
  return { kind: name === 'SIGABRT' ? 'aborted' : 'either', signal: name, isOfChild, message: undefined };
}

/** A build tool returns a code of its own when a program of it crashes: what the emulator printed is all there is. */
function ofMessage(said: CrashMessage): Crash {
  return {
    kind: said.kind === 'program' ? kindOf(said, said.signal) : said.kind,
    signal: said.signal,
    isOfChild: said.kind !== 'start',
    message: said.line,
  };
}

function kindOf({ kind }: CrashMessage, signal: string | undefined): Crash['kind'] {
  return kind === 'program' && signal === 'SIGABRT' ? 'aborted' : kind;
}
