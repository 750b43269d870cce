import type { Host } from '../host/host.ts';
import { enterNamespacesAt } from '../host/node/enter-namespaces.ts';
import type { NamespaceKind } from '../host/node/enter-namespaces.ts';
import { nodeLaunchers } from '../host/node/launchers.ts';
import { nodeExecutor } from '../host/node/node-executor.ts';
import type { ExecutionOutcome, Executor } from '../host/processes.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import type { Viewer } from './seen-tables.ts';

export interface InsideExecutor extends Executor {
  /** So far programs ran in the process's mount namespace, too: interpreters are looked up where it looks. */
  readonly sawItsFiles: () => boolean;
}

/**
 * Executes in the user namespace of a process, whose table the kernel then uses, and in its mount namespace where our
 * programs are to be seen there. An interpreter without flag F is looked up in the latter.
 */
export function insideExecutor(
  host: Pick<Host, 'files' | 'system' | 'clock'>,
  process: Viewer,
  own: Viewer | undefined,
): InsideExecutor {
  const launchers = nodeLaunchers(host);
  const differs = {
    user: process.userNamespace !== own?.userNamespace,
    mnt: process.mountNamespace !== own?.mountNamespace,
  };
  const executorIn = (kinds: readonly NamespaceKind[]): Executor =>
    nodeExecutor(
      launchers,
      // The kernel refuses to enter the user namespace that one is in (EINVAL).
      enterNamespacesAt(
        Object.fromEntries(
          kinds.flatMap((kind) => (differs[kind] ? [[kind, `/proc/${process.pid}/ns/${kind}`]] : [])),
        ),
      ),
    );
  const whole = executorIn(['user', 'mnt']);
  const userOnly = executorIn(['user']);
  let sawFiles = true;
  const executeAll: Executor['executeAll'] = (programs, options) => {
    const [first] = programs;
    if (first === undefined) return [];
    if (!differs.mnt || isSeenInside(host, process.pid, first)) {
      const outcomes = ignoring(['EPERM', 'EACCES'], () => whole.executeAll(programs, options));
      if (outcomes !== undefined && !outcomes.some(isForbidden)) return outcomes;
      if (!differs.mnt) return outcomes ?? whole.executeAll(programs, options);
    }
    sawFiles = false;
    return userOnly.executeAll(programs, options);
  };
  return {
    execute: (program, args, options) => {
      const seen = !differs.mnt || isSeenInside(host, process.pid, program);
      return (seen ? whole : userOnly).execute(program, args, options);
    },
    executeAll,
    sawItsFiles: () => sawFiles,
  };
}

/** A directory that is mounted noexec in there. */
function isForbidden(outcome: ExecutionOutcome): boolean {
  return outcome.kind === 'refused' && outcome.errno === 'EACCES';
}

function isSeenInside({ files }: Pick<Host, 'files'>, pid: number, path: string): boolean {
  try {
    const inside = files.status(`/proc/${pid}/root${path}`);
    const here = files.status(path);
    return inside?.inode === here?.inode && inside?.changedMs === here?.changedMs && here !== undefined;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
