import { AT_FDCWD, CLONE_NEWNS, CLONE_NEWUSER, O_CLOEXEC, O_RDONLY } from '../../core/launcher/constants.ts';
import type { Argument, Step } from '../../core/launcher/program.ts';

const kinds = { user: CLONE_NEWUSER, mnt: CLONE_NEWNS } as const;

/** By their names in /proc/PID/ns. */
export type NamespaceKind = keyof typeof kinds;

/** Launcher steps that enter the user and mount namespace of a process. */
export function enterNamespaces(pid: number): Step[] {
  return enterNamespacesAt({ user: `/proc/${pid}/ns/user`, mnt: `/proc/${pid}/ns/mnt` });
}

/**
 * Launcher steps that enter namespaces, which are files of /proc; the user namespace first. All are opened before: the
 * /proc of another mount namespace may differ.
 */
export function enterNamespacesAt(paths: Readonly<Partial<Record<NamespaceKind, Argument>>>): Step[] {
  const entered = (['user', 'mnt'] as const).flatMap((kind) => {
    const path = paths[kind];
    return path === undefined ? [] : [{ path, type: kinds[kind], opened: { variable: `${kind} namespace` } }];
  });
  return [
    ...entered.map(({ path, opened }): Step => ({
      call: 'openat',
      arguments: [AT_FDCWD, path, O_RDONLY | O_CLOEXEC],
      store: opened,
    })),
    ...entered.map(({ opened, type }): Step => ({ call: 'setns', arguments: [opened, type] })),
  ];
}
