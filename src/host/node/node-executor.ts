import {
  capacityFor,
  executeAllArguments,
  executeAllProgram,
  executionOfStep,
  readEnds,
} from '../../core/launcher/execute-all-program.ts';
import { executeProgram } from '../../core/launcher/execute-program.ts';
import type { Program } from '../../core/launcher/program.ts';
import type { ExecutionOutcome, Executor } from '../processes.ts';
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
  const entering = inside === undefined ? [] : enterNamespaces(inside);
  const one = prefixed(executeProgram());
  const many = new Map<number, Program>();

  function prefixed({ steps, ...program }: Program): Program {
    return { ...program, steps: [...entering, ...steps] };
  }
  function programFor(count: number): Program {
    const capacity = capacityFor(count);
    const program = many.get(capacity) ?? prefixed(executeAllProgram(launchers.host(), capacity));
    many.set(capacity, program);
    return program;
  }
  return {
    execute(path, args = [], { argv0 = path, timeoutMs = 10_000 } = {}) {
      const { failures, timedOut, signal, exitCode } = launchers.launch(
        one,
        [path, argv0, ...args],
        timeoutMs,
      );
      const [failure] = failures;
      if (failure !== undefined) {
        const { call } = one.steps[failure.step] ?? { call: 'launch' };
        const errno = errnoName(failure.errno);
        if (call !== 'execve') throw new SystemError(errno, call, path);
        return { kind: 'refused', errno };
      }
      if (timedOut) return { kind: 'timeout' };
      if (signal !== undefined) return { kind: 'signalled', signal: signalNumber(signal) };
      return { kind: 'exited', code: exitCode ?? 0 };
    },
    executeAll(paths, { timeoutMs = 10_000 + 1_000 * paths.length } = {}) {
      if (paths.length === 0) return [];
      const program = programFor(paths.length);
      const args = executeAllArguments(paths);
      const { failures, output, ...launch } = launchers.launch(program, args, timeoutMs, { output: true });
      const outcomes: (ExecutionOutcome | undefined)[] = readEnds(output, launchers.host(), paths.length);
      for (const { step, errno } of failures) {
        const index = executionOfStep(program, step);
        if (index === undefined)
          throw new SystemError(errnoName(errno), program.steps[step]?.call ?? 'launch', paths[0]);
        if (index < paths.length) outcomes[index] = { kind: 'refused', errno: errnoName(errno) };
      }
      if (!launch.timedOut && outcomes.includes(undefined)) {
        const how = launch.signal ?? `exit code ${launch.exitCode ?? 'unknown'}`;
        throw new SystemError('EIO', `launch (${how})`, paths[0]);
      }
      return outcomes.map((outcome): ExecutionOutcome => outcome ?? { kind: 'timeout' });
    },
  };
}
