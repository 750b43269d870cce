import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { errnoOf } from '../../host/node/system-call.ts';

export interface ProgramOptions {
  readonly input?: string;
  /** What it is given, in the place of `input`, once it has printed a line. */
  readonly answer?: (line: string) => string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** It goes to the background when it has done its part, and may keep what it got from us open. */
  readonly goesOn?: boolean;
}

export interface ProgramResult {
  /** Undefined when a signal ended it, the deadline's or ours, or it never started. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
  /** Symbolic errno when it could not be started. */
  readonly startError?: string;
}

/** Runs a program of the host without blocking this process. */
export async function runProgram(
  command: readonly string[],
  { input = '', answer, timeoutMs = 60_000, signal, goesOn = false }: ProgramOptions = {},
): Promise<ProgramResult> {
  const [program = '', ...words] = command;
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'pipe'] });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8');
    child[name].on('data', (text: string) => (output[name] += text));
  }
  // A program that does not read its input is no failure of ours.
  child.stdin.on('error', () => undefined);
  if (answer === undefined) child.stdin.end(input);
  else answerFirstLine(child, answer);
  let timedOut = false;
  let isKilled = false;
  const kill = (): void => {
    isKilled = true;
    child.kill('SIGKILL');
  };
  const timer = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  signal?.addEventListener('abort', kill);
  try {
    return await new Promise((resolve) => {
      child.once('error', (error) => {
        resolve({ exitCode: undefined, ...output, timedOut, startError: errnoOf(error) ?? error.message });
      });
      const ended = (code: number | null): void => {
        resolve({ exitCode: code ?? undefined, ...output, timedOut });
      };
      child.once('exit', (code) => {
        // ssh has given what it got from us to the process that shares its connection, which keeps it while the guest does.
        if (goesOn || isKilled) ended(code);
      });
      child.once('close', ended);
    });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

function answerFirstLine(child: ChildProcessWithoutNullStreams, answer: (line: string) => string): void {
  let text = '';
  const listen = (chunk: string): void => {
    text += chunk;
    const end = text.indexOf('\n');
    if (end === -1) return;
    child.stdout.off('data', listen);
    child.stdin.end(answer(text.slice(0, end)));
  };
  child.stdout.on('data', listen);
}
