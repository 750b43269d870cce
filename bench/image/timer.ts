import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findProgram, runProgram } from '../programs.ts';

/** A small native program that starts others and times them: Node's own part would be as long as what is measured. */
export interface Timer {
  readonly program: string;
  /** Where the timed programs' output goes. */
  readonly log: string;
}

export interface TimedCommand {
  /** Root file system that the program sees as `/`. */
  readonly root: string;
  /** A path in the root, and words. */
  readonly command: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Exit codes that mean that the job was done. Default: 0. */
  readonly accepted?: readonly number[];
}

/** @throws Error where there is no compiler */
export function compileTimer(scratch: string): Timer {
  const compiler = ['cc', 'gcc', 'clang'].map(findProgram).find((found) => found !== undefined);
  if (compiler === undefined) throw new Error('a C compiler (cc) is needed for what times the programs');
  const directory = join(scratch, 'timer');
  mkdirSync(directory, { recursive: true });
  const source = fileURLToPath(new URL('native/time-program.c', import.meta.url));
  const program = join(directory, 'time-program');
  runProgram([compiler, '-O2', '-o', program, source]);
  return { program, log: join(directory, 'log') };
}

/**
 * @returns milliseconds from before the program was started to when it had ended
 * @throws Error with all that it prints when it ends in another way than it should
 */
export function timeCommand(
  timer: Timer,
  { root, command, environment, accepted = [0] }: TimedCommand,
): number {
  const log = openSync(timer.log, 'w+');
  try {
    const { status, stdout } = spawnSync(timer.program, [root, '1', ...command], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', log],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...environment },
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    const [nanoseconds = NaN, code] = stdout.trim().split(' ').map(Number);
    if (status === 0 && code !== undefined && accepted.includes(code)) return nanoseconds / 1e6;
    const printed = readFileSync(timer.log, 'utf8').trim();
    throw new Error(`${command.join(' ')}: exit code ${String(code ?? status)}\n${printed}`);
  } finally {
    closeSync(log);
  }
}
