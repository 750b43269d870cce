import { AT_FDCWD, CLONE_NEWNS, CLONE_NEWUSER, O_CLOEXEC, O_RDONLY } from '../../core/launcher/constants.ts';
import type { Argument, Step } from '../../core/launcher/program.ts';

/** Launcher steps that enter the user and mount namespace of a process. Both are opened first: its /proc may differ. */
export function enterNamespaces(pid: number): Step[] {
  const user = { variable: 'user namespace' };
  const mount = { variable: 'mount namespace' };
  const open = (path: string): Argument[] => [AT_FDCWD, path, O_RDONLY | O_CLOEXEC];
  return [
    { call: 'openat', arguments: open(`/proc/${pid}/ns/user`), store: user },
    { call: 'openat', arguments: open(`/proc/${pid}/ns/mnt`), store: mount },
    { call: 'setns', arguments: [user, CLONE_NEWUSER] },
    { call: 'setns', arguments: [mount, CLONE_NEWNS] },
  ];
}
