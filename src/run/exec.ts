import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Architecture } from '../core/architecture.ts';
import type { Files } from '../host/files.ts';
import type { GuestOutcome } from './outcome.ts';
import { forwardSignals } from './signals.ts';

export interface ExplicitRun {
  /** Path of the emulator. */
  readonly emulator: string;
  readonly binary: string;
  readonly arguments: readonly string[];
  /** Where the loader and the libraries of a dynamic program are. */
  readonly sysroot: string | undefined;
}

/** The argument vector that runs a program under an emulator, with the name it was called by as its argv[0]. */
export function explicitCommand(run: ExplicitRun): [string, ...string[]] {
  const sysroot = run.sysroot === undefined ? [] : ['-L', run.sysroot];
  return [run.emulator, ...sysroot, '-0', run.binary, run.binary, ...run.arguments];
}

/**
 * Where Debian's cross libraries (libc6-arm64-cross …) put the loader that a program names, when the host itself
 * has none at that path.
 *
 * @param loader PT_INTERP of the program
 */
export function findSysroot(
  files: Pick<Files, 'status'>,
  architecture: Pick<Architecture, 'triplets'>,
  loader: string | undefined,
): string | undefined {
  if (loader === undefined || files.status(loader) !== undefined) return undefined;
  return architecture.triplets
    .map((triplet) => `/usr/${triplet}`)
    .find((directory) => files.status(`${directory}${loader}`) !== undefined);
}

export interface ExecOptions {
  /** Told the process id. */
  readonly onStarted?: (pid: number) => void;
  /** Gets what it writes to standard error, which then is no terminal, and passes it on. */
  readonly onErrorOutput?: (chunk: Uint8Array) => void;
  /** Kills it. The outcome is then that of SIGKILL. */
  readonly signal?: AbortSignal;
}

/** Milliseconds for what a guest has written before its end. */
const lastWordsMs = 300;

/** Runs the command on this process's terminal. */
export async function execGuest(
  command: readonly [string, ...string[]],
  environment: Readonly<Record<string, string | undefined>>,
  { onStarted, onErrorOutput, signal: aborted }: ExecOptions = {},
): Promise<GuestOutcome> {
  const [program, ...words] = command;
  const child = spawn(program, words, {
    stdio: ['inherit', 'inherit', onErrorOutput === undefined ? 'inherit' : 'pipe'],
    env: { ...environment },
  });
  if (onErrorOutput !== undefined) {
    child.stderr?.on('data', onErrorOutput);
    // Daemons that it leaves behind may keep the pipe open for ever.
    child.once('exit', () => void setTimeout(() => child.stderr?.destroy(), lastWordsMs).unref());
  }
  const release = forwardSignals((signal) => void child.kill(signal));
  const kill = (): void => void child.kill('SIGKILL');
  aborted?.addEventListener('abort', kill);
  try {
    return await new Promise<GuestOutcome>((resolve, reject) => {
      child.once('spawn', () => onStarted?.(child.pid ?? 0));
      child.once('error', reject);
      child.once('close', (code, signal) => {
        const number = signal === null ? undefined : constants.signals[signal];
        resolve({
          exitCode: code ?? 128 + (number ?? 0),
          ...(number === undefined ? {} : { signal: number }),
        });
      });
    });
  } finally {
    aborted?.removeEventListener('abort', kill);
    release();
  }
}
