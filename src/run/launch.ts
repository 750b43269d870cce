import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import { forwardSignals, signalGuest } from './signals.ts';

export interface LaunchOptions {
  /** Words before the launcher; a program that executes it in its own place. */
  readonly prefix: readonly string[];
  /** Path of the launcher. */
  readonly launcher: string;
  /** The launcher's own arguments. */
  readonly arguments: readonly string[];
  /** The guest's whole environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** Writes the id maps of the process when the program waits for that; throws if it cannot. */
  readonly writeMaps?: (pid: number) => void;
  /** A record that says `ready` has arrived. Called with all the bytes so far. */
  readonly isReady: (bytes: Uint8Array) => boolean;
  /** Told the process id of the launcher, which everything of the guest comes from. */
  readonly onStarted?: (pid: number) => void;
  /** Sends a signal as root of the namespace of `init`. */
  readonly signalAsRoot: (init: number, guest: number, signal: NodeJS.Signals) => void;
  /** Gets what the guest prints, which then has no terminal and an empty standard input. */
  readonly output?: GuestOutput;
  /** Gets what the guest writes to standard error, which then is a pipe, and passes it on. */
  readonly onErrorOutput?: (chunk: Uint8Array) => void;
  /** Ends the guest. */
  readonly signal?: AbortSignal;
}

/** Takes what a guest writes to its standard output and error, as it comes. */
export interface GuestOutput {
  readonly stdout: (chunk: Uint8Array) => void;
  readonly stderr: (chunk: Uint8Array) => void;
}

export interface LaunchResult {
  /** What came through the report descriptor. */
  readonly report: Uint8Array;
  /** How the launcher itself ended. */
  readonly exitCode: number | undefined;
  readonly signal: number | undefined;
}

/**
 * Starts a launcher with this process's terminal, or what stands for it, and waits for it. Signals are passed on to the guest.
 *
 * @throws the system's error when the launcher cannot be started
 */
export async function launch(options: LaunchOptions): Promise<LaunchResult> {
  const [program = '', ...words] = [...options.prefix, options.launcher, ...options.arguments];
  const child = spawn(program, words, {
    ...(options.prefix.length === 0 ? { argv0: 'anyarch-run' } : {}),
    env: options.environment,
    stdio: [
      ...(options.output === undefined
        ? (['inherit', 'inherit', options.onErrorOutput === undefined ? 'inherit' : 'pipe'] as const)
        : (['ignore', 'pipe', 'pipe'] as const)),
      'pipe',
      ...(options.writeMaps === undefined ? [] : (['pipe'] as const)),
    ],
  });
  const release = forwardSignals((signal) => {
    signalGuest(child, signal, options.signalAsRoot);
  });
  // The namespace's init follows its parent, and everything in the namespace its init.
  const kill = (): void => void child.kill('SIGKILL');
  options.signal?.addEventListener('abort', kill);
  if (options.signal?.aborted === true) kill();
  try {
    return await settle(child, options);
  } finally {
    options.signal?.removeEventListener('abort', kill);
    release();
  }
}

async function settle(child: ChildProcess, options: LaunchOptions): Promise<LaunchResult> {
  const report = child.stdio[3] as Readable;
  let bytes: Uint8Array = new Uint8Array(0);
  let mapped = options.writeMaps === undefined;
  return await new Promise<LaunchResult>((resolve, reject) => {
    child.stdout?.on('data', (chunk: Uint8Array) => options.output?.stdout(chunk));
    child.stderr?.on('data', options.output?.stderr ?? options.onErrorOutput ?? (() => undefined));
    child.once('spawn', () => options.onStarted?.(child.pid ?? 0));
    child.once('error', reject);
    report.on('data', (chunk: Uint8Array) => {
      bytes = concatenate(bytes, chunk);
      if (mapped || !options.isReady(bytes)) return;
      mapped = true;
      try {
        options.writeMaps?.(child.pid ?? 0);
        letGo(child);
      } catch (error) {
        child.kill('SIGKILL');
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
    child.once('close', (code, signal) => {
      resolve({
        report: bytes,
        exitCode: code ?? undefined,
        signal: signal === null ? undefined : constants.signals[signal],
      });
    });
  });
}

function letGo(child: ChildProcess): void {
  const pipe = child.stdio[4];
  if (pipe === null || pipe === undefined || !('write' in pipe))
    throw new Error('the launcher was started without its second pipe');
  pipe.end('g');
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array {
  const whole = new Uint8Array(first.length + second.length);
  whole.set(first);
  whole.set(second, first.length);
  return whole;
}
