import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { insideCommand } from '../host/node/inside.ts';
import type { ExecutionOutcome, Executor } from '../host/processes.ts';
import { ignoring } from '../host/system-error.ts';
import { withProver } from '../registration/index.ts';
import type { EngineContext, EngineStatus } from './engine.ts';

type Parts = Pick<EngineContext, 'host' | 'state' | 'wanted'>;

/** What runs in the namespaces of a process of this user's. Changes nothing there. */
export function tableOfProcess({ host, state, wanted }: Parts, pid: number): EngineStatus {
  try {
    const enter = insideCommand(host, pid, { mount: true });
    const names = wanted.architectures.map(({ architecture }) => architecture);
    const inside = { ...host, executor: insideExecutor(host, enter) };
    const proofs = withProver(inside, state, (prover) => prover.prove(names));
    return {
      table: hasOwnMount(host, pid) ? 'private' : 'host',
      architectures: names.map((architecture) => ({
        architecture,
        works: proofs.get(architecture)?.status === 'proven',
      })),
      warnings: [],
    };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return { table: 'unknown', architectures: [], warnings: [error.message] };
  }
}

/** Executes in the namespaces; what the kernel refuses there the launcher tells by its exit code, as shells do. */
function insideExecutor({ processes }: Pick<Host, 'processes'>, enter: readonly string[]): Executor {
  const execute = (program: string, timeoutMs = 10_000): ExecutionOutcome => {
    const { exitCode, signal, timedOut, startError } = processes.run([...enter, program], { timeoutMs });
    if (timedOut) return { kind: 'timeout' };
    if (startError !== undefined) return { kind: 'refused', errno: startError };
    if (exitCode === 126) return { kind: 'refused', errno: 'ENOEXEC' };
    if (exitCode === 127) return { kind: 'refused', errno: 'ENOENT' };
    return exitCode === undefined
      ? { kind: 'signalled', signal: signal === undefined ? 0 : 9 }
      : { kind: 'exited', code: exitCode };
  };
  return {
    execute: (program, _args, options) => execute(program, options?.timeoutMs),
    executeAll: (programs) => programs.map((program) => execute(program)),
  };
}

/** The mount of a private table is of another file system than the host's, which tells by its device number. */
function hasOwnMount({ files }: Pick<Host, 'files'>, pid: number): boolean {
  const devices = (who: string): string[] => {
    const text = ignoring(['ENOENT', 'ESRCH', 'EACCES', 'EINVAL'], () =>
      decodeUtf8(files.read(`/proc/${who}/mountinfo`)),
    );
    const lines = (text ?? '').split('\n').filter((line) => line.includes(' - binfmt_misc '));
    return lines.flatMap((line) => line.split(' ')[2] ?? []);
  };
  const own = new Set(devices('self'));
  return devices(`${pid}`).some((device) => !own.has(device));
}
