import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../programs.ts';

/** Milliseconds. */
export interface Spent {
  readonly wallMs: number;
  /** User and system time of the program and of all that it has waited for. */
  readonly cpuMs: number;
}

/**
 * Runs a program to its end. Node does not tell what its children's processors did; bash does.
 *
 * @param scratch for a file
 * @throws Error with all that it prints when it does not exit with 0
 */
export function timed(
  command: readonly string[],
  scratch: string,
  environment: Readonly<Record<string, string | undefined>> = {},
): Spent {
  const file = join(scratch, 'time');
  const script = 'TIMEFORMAT="%3R %3U %3S"; exec 3>&1 4>&2; { time "$@" >&3 2>&4; } 2> "$0"';
  runProgram(['bash', '-c', script, file, ...command], {
    environment: { ...process.env, ...environment },
    timeoutMs: 3_600_000,
  });
  const [wall = 0, user = 0, system = 0] = (readFileSync(file, 'utf8').trim().split('\n').at(-1) ?? '')
    .split(' ')
    .map((seconds) => Number(seconds) * 1000);
  return { wallMs: wall, cpuMs: user + system };
}
