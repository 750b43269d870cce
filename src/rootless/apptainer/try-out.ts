import type { ExecutionOutcome, Executor } from '../../host/processes.ts';
import { withProver } from '../../registration/index.ts';
import type { EngineContext, EngineStatus } from '../engine.ts';

/**
 * Executes probes as a command of the engine is executed, all in one namespace, which is gone afterwards.
 *
 * @param enter what the engine's commands are put behind
 */
export function tryOut(
  { host, state, wanted }: Pick<EngineContext, 'host' | 'state' | 'wanted'>,
  enter: readonly string[],
): EngineStatus['architectures'] {
  const names = wanted.architectures.map(({ architecture }) => architecture);
  const executeAll = (programs: readonly string[]): ExecutionOutcome[] => {
    const { stdout } = host.processes.run([...enter, 'sh', '-c', script, 'sh', ...programs]);
    const codes = stdout.trim().split('\n').map(Number);
    return programs.map((_program, index) => {
      const code = codes[index];
      if (code === undefined || Number.isNaN(code)) return { kind: 'refused', errno: 'EPERM' };
      // As shells tell what execve refused.
      return code === 126 ? { kind: 'refused', errno: 'ENOEXEC' } : { kind: 'exited', code };
    });
  };
  const executor: Executor = {
    executeAll,
    execute: (program) => executeAll([program])[0] ?? { kind: 'timeout' },
  };
  const proofs = withProver({ ...host, executor }, state, (prover) => prover.prove(names));
  return names.map((architecture) => ({
    architecture,
    works: proofs.get(architecture)?.status === 'proven',
  }));
}

const script = 'for program do "$program" 2>/dev/null; echo $?; done';
