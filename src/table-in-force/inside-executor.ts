import type { Host } from '../host/host.ts';
import { enterNamespacesAt } from '../host/node/enter-namespaces.ts';
import { nodeLaunchers } from '../host/node/launchers.ts';
import { nodeExecutor } from '../host/node/node-executor.ts';
import type { Executor } from '../host/processes.ts';
import { becomingProcess } from './becoming-process.ts';
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
  return host.system.uid === 0
    ? nodeExecutor(launchers, becomingProcess(host, process.pid, entering), { withoutEnvironment: true })
    : nodeExecutor(launchers, entering);
}
