import { spawn } from 'node:child_process';
import { AnyarchError } from '../../core/error.ts';
import type { Programs } from '../../debian-programs/index.ts';
import { errnoOf } from '../../host/node/system-call.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';

/** Characters of what a tool printed that go into an error. */
const tailLength = 2000;

export interface ToolRun {
  /** Without it, what the tool reads is empty. */
  readonly directory?: string | undefined;
  readonly input?: string | undefined;
  readonly environment?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one of the programs that make disks, while the event loop turns; with its own words, untranslated.
 *
 * @returns what it printed on stdout
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND, ANYARCH_DISK_FULL, ANYARCH_DISK_INVALID when it fails, ANYARCH_CANCELLED
 */
export async function runTool(
  programs: Pick<Programs, 'command' | 'environment'>,
  name: string,
  words: readonly string[],
  run: ToolRun = {},
): Promise<string> {
  throwIfCancelled(run.signal);
  const [program = '', ...args] = [...programs.command(name), ...words];
  const child = spawn(program, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, LC_ALL: 'C.UTF-8', ...programs.environment, ...run.environment },
    ...(run.directory === undefined ? {} : { cwd: run.directory }),
  });
  let output = '';
  let tail = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    tail = `${tail}${text}`.slice(-tailLength);
  });
  // A tool that does not read to the end says itself what is wrong.
  child.stdin.on('error', () => undefined).end(run.input ?? '');
  const kill = (): void => void child.kill('SIGKILL');
  run.signal?.addEventListener('abort', kill);
  try {
    const end = await new Promise<string | undefined>((resolve) => {
      child.once('error', (error) => {
        resolve(`it could not be started (${errnoOf(error) ?? error.message})`);
      });
      child.once('close', (code, signal) => {
        resolve(code === 0 ? undefined : (signal ?? `exit code ${code ?? 'none'}`));
      });
    });
    throwIfCancelled(run.signal);
    if (end !== undefined)
      throw toolFailure(name, words, end, tail.trim() || output.slice(-tailLength).trim());
    return output;
  } finally {
    run.signal?.removeEventListener('abort', kill);
  }
}

function toolFailure(name: string, words: readonly string[], end: string, said: string): AnyarchError {
  const command = [name, ...words].join(' ');
  const details = { command, end, said };
  if (/no space left|ENOSPC|Disk quota exceeded/i.test(said))
    return new AnyarchError(
      'ANYARCH_DISK_FULL',
      `no space left: ${name} ended with ${end}: ${lastLine(said)}`,
      {
        hint: 'free some space, or set ANYARCH_HOME to a directory on a larger file system',
        details,
      },
    );
  return new AnyarchError('ANYARCH_DISK_INVALID', `${name} ended with ${end}: ${lastLine(said)}`, {
    hint: `look at what it was given: ${command}`,
    details,
  });
}

function lastLine(text: string): string {
  return text.split('\n').at(-1) ?? '';
}
