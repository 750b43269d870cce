import { AT_FDCWD, CLONE_NEWNS, CLONE_NEWUSER, O_CLOEXEC, O_RDONLY } from '../../core/launcher/constants.ts';
import { executeProgram } from '../../core/launcher/execute-program.ts';
import type { Program, Step } from '../../core/launcher/program.ts';
import type { Executor } from '../processes.ts';
import { SystemError } from '../system-error.ts';
import type { Launchers } from './launchers.ts';
import { errnoName, signalNumber } from './system-call.ts';

/**
 * Executes by raw execve(2) in a launcher, because libuv starts programs with execvp, which hands what the kernel
 * refuses with ENOEXEC to a shell.
 *
 * @param namespacesOf a process in whose user and mount namespace programs are executed
 */
export function nodeExecutor(launchers: Launchers, namespacesOf?: number): Executor {
  const { steps, ...program } = executeProgram();
  const allSteps = [...(namespacesOf === undefined ? [] : enterNamespaces(namespacesOf)), ...steps];
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

/** Both are opened first: /proc/PID may not be visible from inside. */
function enterNamespaces(pid: number): Step[] {
  const user = { variable: 'user namespace' };
  const mount = { variable: 'mount namespace' };
  const open = (path: string) => [AT_FDCWD, path, O_RDONLY | O_CLOEXEC];
  return [
    { call: 'openat', arguments: open(`/proc/${pid}/ns/user`), store: user },
    { call: 'openat', arguments: open(`/proc/${pid}/ns/mnt`), store: mount },
    { call: 'setns', arguments: [user, CLONE_NEWUSER] },
    { call: 'setns', arguments: [mount, CLONE_NEWNS] },
  ];
}
