import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

export interface RunOptions {
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  /** Milliseconds after which it is killed. Default 600 000. */
  readonly timeoutMs?: number;
  /** Exit codes that are no failure beside 0. */
  readonly accepted?: readonly number[];
}

/**
 * Runs a program to its end, with as little around it as Node allows.
 * @returns what it prints on standard output
 * @throws Error with all that it prints when it does not exit with 0
 */
export function runProgram(command: readonly string[], options: RunOptions = {}): string {
  const { environment, directory, timeoutMs = 600_000, accepted = [] } = options;
  const [program = '', ...words] = command;
  const { status, signal, error, stdout, stderr } = spawnSync(program, words, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: timeoutMs,
    killSignal: 'SIGKILL',
    ...(environment === undefined ? {} : { env: { ...environment } }),
    ...(directory === undefined ? {} : { cwd: directory }),
  });
  if (status === 0 || (status !== null && accepted.includes(status))) return stdout;
  const end = error?.message ?? (signal === null ? `exit code ${String(status)}` : `signal ${signal}`);
  throw new Error(`${command.join(' ')}: ${end}\n${stdout}${stderr}`.trimEnd());
}

/** Administrators' programs, too, which are not in every user's PATH. */
export function findProgram(name: string): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin', '/usr/lib/systemd'];
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

/** The first line that a program prints when asked; undefined when there is none. */
export function versionOf(command: readonly string[]): string | undefined {
  try {
    return runProgram(command).split('\n')[0]?.trim();
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
