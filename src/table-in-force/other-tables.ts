import type { Host } from '../host/host.ts';
import { engineOfHolder, type DescribedNamespace } from './describe-namespace.ts';
import { viewerFor, viewersOf, type Viewer } from './seen-tables.ts';
import { mountedDevice, tablePath } from './table-path.ts';

/** A table that others have mounted, and that is not the one at the usual place here. */
export interface OtherTable {
  /** Where this process can read it. */
  readonly path: string;
  /** Of a process that has it mounted. */
  readonly pid: number;
  readonly command: string;
  /** The engine whose process that is. */
  readonly engine: DescribedNamespace['engine'];
  readonly userNamespace: number;
}

/** One line a table, as far as this process may look into others. Executes and mounts nothing. */
export function otherTables(host: Pick<Host, 'files' | 'system'>): readonly OtherTable[] {
  const own = viewerFor(host, host.system.pid);
  if (own === undefined) return [];
  const here = mountedDevice(host, own);
  const found = new Map<string, Viewer>();
  for (const viewer of viewersOf(host))
    for (const { device } of viewer.mounts)
      if (device !== here && !found.has(device)) found.set(device, viewer);
  return [...found].flatMap(([device, viewer]): OtherTable[] => {
    const path = tablePath(host, viewer, { device, level: 0, viewers: [viewer] });
    if (path === undefined) return [];
    const { pid, command, userNamespace } = viewer;
    return [{ path, pid, command, engine: engineOfHolder(host, viewer), userNamespace }];
  });
}
