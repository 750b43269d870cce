import { executeProgram } from '../../core/launcher/execute-program.ts';
import type { Executor } from '../processes.ts';
import type { Launchers } from './launchers.ts';
import { errnoName, signalNumber } from './system-call.ts';

/**
 * Executes by raw execve(2) in a launcher, because libuv starts programs with execvp, which hands what the kernel
 * refuses with ENOEXEC to a shell.
 *
 * @param startedBy a command that the launcher is started by, to execute in other namespaces: `nsenter …`
 */
export function nodeExecutor(launchers: Launchers, startedBy: readonly string[] = []): Executor {
  const execute = executeProgram();
  return {
    execute(program, args = [], { argv0 = program, timeoutMs = 10_000 } = {}) {
      const launch = launchers.launch(execute, [program, argv0, ...args], { timeoutMs, startedBy });
      if (launch.failure !== undefined) return { kind: 'refused', errno: errnoName(launch.failure.errno) };
      if (launch.timedOut) return { kind: 'timeout' };
      if (launch.signal !== undefined) return { kind: 'signalled', signal: signalNumber(launch.signal) };
      return { kind: 'exited', code: launch.exitCode ?? 0 };
    },
  };
}
