import type { Host } from '../host/host.ts';
import { enterNamespacesAt } from '../host/node/enter-namespaces.ts';
import { nodeLaunchers } from '../host/node/launchers.ts';
import { namespaceError } from '../host/node/namespace-error.ts';
import { executeTogether, nodeExecutor } from '../host/node/node-executor.ts';
import type { Executor } from '../host/processes.ts';
import { SystemError } from '../host/system-error.ts';
import { becomingProcess } from './becoming-process.ts';
import { contained } from './contained.ts';
import type { Viewer } from './seen-tables.ts';

/**
 * Executes in the user namespace of a process, whose table the kernel then uses. Not in its mount namespace: in a
 * container, what an entry without flag F leads to is a file of the container's, and would run outside of it.
 */
export function insideExecutor(
  host: Pick<Host, 'files' | 'system' | 'clock'>,
  process: Viewer,
  own: Viewer | undefined,
): Executor {
  const launchers = nodeLaunchers(host);
  // The kernel refuses to enter the user namespace that one is in (EINVAL).
  if (process.userNamespace === own?.userNamespace) return nodeExecutor(launchers);
  const entering = enterNamespacesAt({ user: `/proc/${process.pid}/ns/user` });
  // Root makes the namespace of process ids outside, and only what becomes somebody else goes in.
  const parts =
    host.system.uid === 0
      ? { outside: [], inside: becomingProcess(host, process.pid, entering) }
      : { outside: entering, inside: [] };
  const together = executeTogether(launchers, (steps) => contained(launchers.host(), parts, steps));
  const executeAll: Executor['executeAll'] = (paths, options) => {
    try {
      return together(paths, options);
    } catch (error) {
      if (error instanceof SystemError) throw namespaceError(process.pid, error.errno, error.call);
      throw error;
    }
  };
  return {
    executeAll,
    execute: (path, args = [], { argv0 = path, ...options } = {}) => {
      if (args.length > 0 || argv0 !== path) throw new Error('probes are executed without arguments');
      const [outcome] = executeAll([path], options);
      if (outcome === undefined) throw new Error('an execution has an outcome');
      return outcome;
    },
  };
}
