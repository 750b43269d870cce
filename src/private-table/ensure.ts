import type { Host } from '../host/host.ts';
import type { Emptied, Ensured } from './ensured.ts';
import type { WantedTable } from './wanted-table.ts';

export interface EnsureOptions {
  /** Execute a probe of each architecture afterwards. */
  readonly probe: boolean;
}

/**
 * Sees to it that the user namespace of this process, as whose root it runs, handles all that is wanted. Idempotent, and
 * safe beside others that do the same. Nothing is mounted where the host's table handles it already.
 *
 * @throws AnyarchError ANYARCH_PERMISSION in the initial user namespace or without its root's rights, ANYARCH_NAMESPACE
 *   where the kernel has no private tables, ANYARCH_LOCKED, ANYARCH_BINFMT_NOT_MOUNTED
 */
export function ensurePrivateTable(host: Host, wanted: WantedTable, options: EnsureOptions): Ensured {
  throw new Error(`not yet: ${host.system.pid} ${wanted.by} ${options.probe}`);
}

/** Takes our entries out of the private table of this process's user namespace, each by itself. Never unmounts. */
export function emptyPrivateTable(host: Host, wanted: WantedTable): Emptied {
  throw new Error(`not yet: ${host.system.pid} ${wanted.by}`);
}
