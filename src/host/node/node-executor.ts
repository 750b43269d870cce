import {
  capacityFor,
  executeAllArguments,
  executeAllProgram,
  executionOfStep,
  readEnds,
} from '../../core/launcher/execute-all-program.ts';
import { executeProgram } from '../../core/launcher/execute-program.ts';
import type { LauncherHost } from '../../core/launcher/launcher-host.ts';
import type { Program, Step } from '../../core/launcher/program.ts';
import type { ExecutionOutcome, Executor } from '../processes.ts';
import { SystemError } from '../system-error.ts';
import type { Launch, Launchers } from './launchers.ts';
import { errnoName, signalNumber } from './system-call.ts';

/**
 * Executes by raw execve(2) in a launcher, because libuv starts programs with execvp, which hands what the kernel
 * refuses with ENOEXEC to a shell.
 *
 * @param entering done before, in the launcher: steps of `enterNamespaces`
 */
export function nodeExecutor(launchers: Launchers, entering: readonly Step[] = []): Executor {
  const prefixed = (steps: readonly Step[]): readonly Step[] => [...entering, ...steps];
  const single = executeProgram();
  const one = { ...single, steps: prefixed(single.steps) };
  const together = executeTogether(launchers, prefixed);
  const execute: Executor['execute'] = (path, args = [], { argv0 = path, timeoutMs = 10_000 } = {}) =>
    outcomeOfOne(one, launchers.launch(one, [path, argv0, ...args], timeoutMs), path);
  return {
    execute,
    executeAll: (paths, options) => {
      const [first] = paths;
      return first !== undefined && paths.length === 1
        ? [execute(first, [], options)]
        : together(paths, options);
    },
  };
}

/** @param around puts what the launcher does otherwise around the steps of `executeAllProgram` */
export function executeTogether(
  launchers: Launchers,
  around: (steps: readonly Step[]) => readonly Step[],
): Executor['executeAll'] {
  const programs = new Map<number, Program>();
  const programFor = (count: number): Program => {
    const capacity = capacityFor(count);
    const known = programs.get(capacity);
    if (known !== undefined) return known;
    const { steps, ...rest } = executeAllProgram(launchers.host(), capacity);
    const program = { ...rest, steps: around(steps) };
    programs.set(capacity, program);
    return program;
  };
  return (paths, { timeoutMs = 10_000 + 1_000 * paths.length } = {}) => {
    if (paths.length === 0) return [];
    const program = programFor(paths.length);
    const launch = launchers.launch(program, executeAllArguments(paths), timeoutMs, { output: true });
    return outcomesOf(program, launch, paths, launchers.host());
  };
}

function outcomeOfOne(program: Program, launch: Launch, path: string): ExecutionOutcome {
  const [failure] = launch.failures;
  if (failure !== undefined) {
    const { call } = program.steps[failure.step] ?? { call: 'launch' };
    const errno = errnoName(failure.errno);
    if (call !== 'execve') throw new SystemError(errno, call, path);
    return { kind: 'refused', errno };
  }
  if (launch.timedOut) return { kind: 'timeout' };
  if (launch.signal !== undefined) return { kind: 'signalled', signal: signalNumber(launch.signal) };
  return { kind: 'exited', code: launch.exitCode ?? 0 };
}

function outcomesOf(
  program: Program,
  launch: Launch,
  paths: readonly string[],
  host: LauncherHost,
): ExecutionOutcome[] {
  const outcomes: (ExecutionOutcome | undefined)[] = readEnds(launch.output, host, paths.length);
  for (const { step, errno } of launch.failures) {
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
}
