import { executeProgram } from '../../core/launcher/execute-program.ts';
import type { Program } from '../../core/launcher/program.ts';
import type { Executor } from '../processes.ts';
import { SystemError } from '../system-error.ts';
import { enterNamespaces } from './enter-namespaces.ts';
import type { Launchers } from './launchers.ts';
import { errnoName, signalNumber } from './system-call.ts';

/**
 * Executes by raw execve(2) in a launcher, because libuv starts programs with execvp, which hands what the kernel
 * refuses with ENOEXEC to a shell.
 *
 * @param inside a process in whose user and mount namespace programs are executed
 */
export function nodeExecutor(launchers: Launchers, inside?: number): Executor {
  const { steps, ...program } = executeProgram();
  const allSteps = [...(inside === undefined ? [] : enterNamespaces(inside)), ...steps];
  const execute: Program = { ...program, steps: allSteps };
  return {
    execute(path, args = [], { argv0 = path, timeoutMs = 10_000 } = {}) {
      const { failure, timedOut, signal, exitCode } = launchers.launch(
        execute,
        [path, argv0, ...args],
        timeoutMs,
      );
      if (failure !== undefined) {
        const { call } = allSteps[failure.step] ?? { call: 'launch' };
        const errno = errnoName(failure.errno);
        if (call !== 'execve') throw new SystemError(errno, call, path);
        return { kind: 'refused', errno };
      }
      if (timedOut) return { kind: 'timeout' };
      if (signal !== undefined) return { kind: 'signalled', signal: signalNumber(signal) };
      return { kind: 'exited', code: exitCode ?? 0 };
    },
  };
}
