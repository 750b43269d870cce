import type { SpawnSyncReturns } from 'node:child_process';
import type { ProcessOptions, ProcessResult, Processes } from '../processes.ts';
import { errnoOf } from './system-call.ts';

export const nodeProcesses: Processes = { run };

function run(command: readonly string[], options: ProcessOptions = {}): ProcessResult {
  const [program, ...args] = command;
  if (program === undefined) throw new Error('a command needs a program');
  // Loaded at the first use: it takes 2 to 3 ms.
  const childProcess = process.getBuiltinModule('node:child_process');
  const start = performance.now();
  const result = childProcess.spawnSync(program, args, {
    env: { ...process.env, ...options.environment },
    ...(options.directory === undefined ? {} : { cwd: options.directory }),
    input: options.input ?? '',
    timeout: options.timeoutMs ?? 60_000,
    killSignal: 'SIGKILL',
    maxBuffer: Infinity,
    encoding: 'utf8',
  });
  return { command, ...outcomeOf(result), durationMs: performance.now() - start };
}

function outcomeOf(result: SpawnSyncReturns<string>): Omit<ProcessResult, 'command' | 'durationMs'> {
  const errno = errnoOf(result.error);
  const timedOut = errno === 'ETIMEDOUT';
  // A program that does not read its input makes Node report EPIPE although it ran and ended.
  const started = result.pid !== 0;
  return {
    exitCode: result.status ?? undefined,
    signal: result.signal ?? undefined,
    startError: started ? undefined : errno,
    timedOut,
    // Node leaves the output null when nothing was started, whatever its types say.
    stdout: started ? result.stdout : '',
    stderr: started ? result.stderr : '',
  };
}
