import type { ExecutionOutcome, Executor } from '../processes.ts';
import { systemCall } from './system-call.ts';

const descriptors = '/proc/self/fd/';

export const quickjsExecutor: Executor = {
  execute: (program, args = [], { argv0 = program, timeoutMs = 10_000 } = {}) => {
    const [outcome] = executeEach([program], [[argv0, ...args]], timeoutMs);
    if (outcome === undefined) throw new Error(`no outcome for ${program}`);
    return outcome;
  },
  executeAll: (programs, { timeoutMs = 10_000 + 1_000 * programs.length } = {}) =>
    executeEach(
      programs,
      programs.map((program) => [program]),
      timeoutMs,
    ),
  inMemory: (program) =>
    `${descriptors}${systemCall('memfd_create', undefined, () => kernel.fileInMemory(program))}`,
  forget: (path) => {
    systemCall('close', path, () => {
      kernel.close(Number(path.slice(descriptors.length)));
    });
  },
};

function executeEach(
  programs: readonly string[],
  vectors: readonly (readonly string[])[],
  timeoutMs: number,
): ExecutionOutcome[] {
  return systemCall('execute', programs[0], () => kernel.execute(programs, vectors, timeoutMs));
}
