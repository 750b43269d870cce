import type { UserNamespace } from '../host/node/user-namespaces.ts';
import type { Viewer } from './seen-tables.ts';
import { standardPath } from './seen-tables.ts';

/** A table that somebody has mounted. */
export interface SeenTable {
  /** `major:minor` */
  readonly device: string;
  /** Whose it is: the number of the namespace in the chain, 0 the process's own. */
  readonly level: number;
  /** Those that have it mounted, wherever. */
  readonly viewers: readonly Viewer[];
}

/**
 * The tables of the namespaces of a chain. A table belongs to the outermost namespace from which it is seen: a mount
 * namespace is copied into inner user namespaces with what is mounted there, and nobody inside can add to an outer one.
 *
 * @param chain the nearest first
 */
export function tablesOf(chain: readonly UserNamespace[], viewers: readonly Viewer[]): SeenTable[] {
  const devices = new Set(viewers.flatMap(({ mounts }) => mounts.map(({ device }) => device)));
  return [...devices].flatMap((device): SeenTable[] => {
    const seeing = viewers.filter(({ mounts }) => mounts.some((mount) => mount.device === device));
    const level = Math.max(
      ...seeing.map(({ userNamespace }) => chain.findIndex(({ inode }) => inode === userNamespace)),
    );
    return level < 0 ? [] : [{ device, level, viewers: seeing }];
  });
}

/**
 * The one that the kernel uses by what is mounted: that of the nearest namespace that ever mounted one. A table that is
 * mounted no more is in force all the same, empty, and only a probe finds it.
 */
export function expectedTable(tables: readonly SeenTable[]): SeenTable | undefined {
  const nearest = Math.min(...tables.map(({ level }) => level));
  const candidates = tables.filter(({ level }) => level === nearest);
  // Where nobody of an outer namespace can be looked at, an inherited mount seems to be of the same one: it lies below.
  return (
    candidates.find(({ device, viewers }) => viewers.some((one) => topDevice(one) === device)) ??
    candidates[0]
  );
}

/** The one that would be in force without that one. */
export function nextTable(
  tables: readonly SeenTable[],
  inForce: SeenTable | undefined,
): SeenTable | undefined {
  return inForce === undefined
    ? undefined
    : expectedTable(tables.filter(({ level }) => level > inForce.level));
}

/** What the viewer sees at the usual place. */
export function topDevice({ mounts }: Viewer): string | undefined {
  return mounts.findLast(({ point }) => point === standardPath)?.device;
}
