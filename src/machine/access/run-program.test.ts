import { expect, it } from 'vitest';
import { runProgram } from './run-program.ts';

/** What goes on has our pipes, as the process has that shares ssh's connection. */
const keeping = ['sh', '-c', 'sleep 60 & echo $!; exec sleep 60'];

it('ends at its deadline, also where somebody else keeps its output', async () => {
  const startedMs = Date.now();
  const { timedOut, exitCode, stdout } = await runProgram(keeping, { timeoutMs: 500 });
  process.kill(Number(stdout));
  expect({ timedOut, exitCode }).toEqual({ timedOut: true, exitCode: undefined });
  expect(Date.now() - startedMs).toBeLessThan(30_000);
}, 90_000);

it('ends when it is cancelled', async () => {
  const { timedOut, exitCode, stdout } = await runProgram(keeping, { signal: AbortSignal.timeout(500) });
  process.kill(Number(stdout));
  expect({ timedOut, exitCode }).toEqual({ timedOut: false, exitCode: undefined });
}, 90_000);

it('waits for all that a program prints', async () => {
  const { stdout } = await runProgram(['sh', '-c', '(sleep 0.3; echo late) & echo early']);
  expect(stdout).toBe('early\nlate\n');
});
