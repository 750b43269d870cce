import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { readTable, reportedError, withTableLock, type ReportedError } from '../registration/index.ts';
import type { Emptied } from './ensured.ts';
import { requireOwnNamespace } from './namespace.ts';
import { remove } from './put-in.ts';
import { isOurs, wantedRules } from './wanted-rule.ts';
import type { WantedTable } from './wanted-table.ts';

/**
 * Takes our entries out of the private table of this process's user namespace, each by itself. Never unmounts: that would
 * take the others' away, too, and leave the host's hidden.
 *
 * @throws AnyarchError ANYARCH_NAMESPACE, ANYARCH_LOCKED, ANYARCH_STATE_INVALID
 */
export function emptyPrivateTable(host: Host, wanted: WantedTable): Emptied {
  requireOwnNamespace(host);
  if (host.binfmt.state() !== 'mounted' || !host.binfmt.isOwn())
    return { table: 'none', removed: [], failed: [] };
  const rules = wantedRules(wanted);
  return withTableLock(host, (locked) => {
    const table = locked.binfmt.table();
    const removed: string[] = [];
    const failed: { name: string; error: ReportedError }[] = [];
    for (const entry of readTable(locked).entries) {
      if (!rules.some((one) => isOurs(one, entry))) continue;
      try {
        remove(table, entry.name);
        removed.push(entry.name);
      } catch (error) {
        if (!(error instanceof AnyarchError)) throw error;
        failed.push({ name: entry.name, error: reportedError(error) });
      }
    }
    return { table: 'kept', removed, failed };
  });
}
