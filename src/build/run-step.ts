import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { errnoOf } from '../host/node/system-call.ts';

/** How a command of an engine ended. */
export interface StepEnd {
  readonly command: readonly string[];
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  /** Symbolic errno when the program could not be started. */
  readonly startError: string | undefined;
  /** The last of what it printed, on either stream. */
  readonly tail: string;
  /** What it printed on stdout. */
  readonly stdout: string;
}

export interface StepOptions {
  /** Gets both streams as they come. */
  readonly onOutput?: ((text: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Characters that are kept to tell what went wrong. */
const tailLength = 16_000;
/** Milliseconds that a cancelled engine has to clean up. */
const graceMs = 10_000;

/**
 * Runs a command of an engine while the event loop turns. It is a session of its own: Ctrl-C in a terminal reaches only
 * us, and we end the engine with all that it has started, once, in an order that lets it clean up.
 */
export async function runStep(
  command: readonly string[],
  { onOutput, signal, environment }: StepOptions = {},
): Promise<StepEnd> {
  const [program, ...args] = command;
  if (program === undefined) throw new Error('a command needs a program');
  const nothing = { command, exitCode: undefined, signal: undefined, tail: '', stdout: '' };
  if (signal?.aborted === true) return { ...nothing, startError: 'ECANCELED' };
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...environment },
  });
  let tail = '';
  let stdout = '';
  const take = (text: string): void => {
    tail = `${tail}${text}`.slice(-tailLength);
    onOutput?.(text);
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    take(text);
  });
  child.stderr.setEncoding('utf8').on('data', take);
  const stop = ending(child.pid);
  signal?.addEventListener('abort', stop.begin);
  try {
    return await new Promise<StepEnd>((resolve) => {
      child.once('error', (error) => {
        resolve({ ...nothing, startError: errnoOf(error) ?? 'unknown' });
      });
      child.once('close', (code, ended) => {
        const exitCode = code ?? undefined;
        resolve({ command, exitCode, signal: ended ?? undefined, startError: undefined, tail, stdout });
      });
    });
  } finally {
    signal?.removeEventListener('abort', stop.begin);
    stop.finish();
  }
}

function ending(pid: number | undefined): { readonly begin: () => void; readonly finish: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const send = (name: 'SIGTERM' | 'SIGKILL'): void => {
    if (pid === undefined) return;
    try {
      process.kill(-pid, constants.signals[name]);
    } catch (error) {
      if (errnoOf(error) !== 'ESRCH' && errnoOf(error) !== 'EPERM') throw error;
    }
  };
  return {
    begin: () => {
      send('SIGTERM');
      timer = setTimeout(send, graceMs, 'SIGKILL');
    },
    finish: () => {
      if (timer === undefined) return;
      clearTimeout(timer);
      // What the engine has left of its own group.
      send('SIGKILL');
    },
  };
}
