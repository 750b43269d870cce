import { AnyarchError } from '../core/error.ts';
import { parseRule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import {
  readTable,
  removeEntry,
  reportedError,
  withTableLock,
  type ReportedError,
} from '../registration/index.ts';
import type { Emptied } from './ensured.ts';
import { requireOwnNamespace } from './namespace.ts';
import { register } from './put-in.ts';
import { isFormer, isOurs, wantedRules } from './wanted-rule.ts';
import type { WantedTable } from './wanted-table.ts';

/**
 * Takes our entries out of the private table of this process's user namespace, each by itself, also those of former
 * documents. Never unmounts: that would take the others' away, too, and leave the host's hidden. Instead it gets what the
 * host's table has by now, as far as the document tells.
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
      if (!rules.some((one) => isOurs(one, entry)) && !isFormer(wanted, entry)) continue;
      const error = errorOf(() => {
        removeEntry(table, entry.name);
      });
      if (error === undefined) removed.push(entry.name);
      else failed.push({ name: entry.name, error: reportedError(error) });
    }
    const left = table.list();
    for (const rule of (wanted.hosts ?? []).map((text) => parseRule(text))) {
      // What cannot be opened in here could not be copied before, either.
      if (!left.includes(rule.name))
        errorOf(() => {
          register(locked, table, rule);
        });
    }
    return { table: 'kept', removed, failed };
  });
}

function errorOf(action: () => void): AnyarchError | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}
