import type { Host } from '../host/host.ts';
import { AnyarchError } from '../core/error.ts';
import { initialUserNamespace, userNamespacesOf } from '../host/node/user-namespaces.ts';
import type { UserNamespace } from '../host/node/user-namespaces.ts';
import { viewersOf } from './seen-tables.ts';

/**
 * The oldest process of each user namespace that the user has made and that still has one. Processes that this process
 * may not look at are left out, which are those of others unless root looks.
 */
export function namespacesOfUser(
  host: Host,
  uid: number,
  namespacesOf: (pid: number) => readonly UserNamespace[] = (pid) => userNamespacesOf(host, pid),
): number[] {
  const oldest = new Map<number, number>();
  for (const { userNamespace, pid } of viewersOf(host))
    if (userNamespace !== initialUserNamespace && !oldest.has(userNamespace)) oldest.set(userNamespace, pid);
  return [...oldest.values()].filter((pid) => ownerOf(pid, namespacesOf) === uid);
}

/** Undefined for a process that has ended meanwhile. */
function ownerOf(pid: number, namespacesOf: (pid: number) => readonly UserNamespace[]): number | undefined {
  try {
    return namespacesOf(pid)[0]?.owner;
  } catch (error) {
    if (
      error instanceof AnyarchError &&
      (error.code === 'ANYARCH_PROCESS_NOT_FOUND' || error.code === 'ANYARCH_PERMISSION')
    )
      return undefined;
    throw error;
  }
}
