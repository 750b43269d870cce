import { AnyarchError } from '../core/error.ts';
import type { Rule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import type { KernelTable } from '../host/kernel-table.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import { registeringError, removeEntry, ruleBytes, type TableEntry } from '../registration/index.ts';
import { isCurrent, isOurs, type WantedRule } from './wanted-rule.ts';

type Parts = Pick<Host, 'files' | 'binfmt'>;

/**
 * What was made of the document and is in force. One whose emulator has been replaced since runs the old one still: the
 * kernel keeps the file open.
 */
export function isInForce(host: Parts, wanted: WantedRule, entry: TableEntry): boolean {
  if (entry.entry?.enabled !== true || entry.name === wanted.names[2] || !isCurrent(wanted, entry))
    return false;
  return !isOutdated(host, entry.name, wanted.rule.interpreter);
}

/** Whether the emulator's file was replaced after it was opened for an entry. One that is gone has no successor. */
export function isOutdated({ files, binfmt }: Parts, name: string, emulator: string): boolean {
  const file = ignoring(['EACCES'], () => files.status(emulator));
  if (file === undefined) return false;
  const registered = files.status(`${binfmt.path}/${name}`);
  return (file.changedMs ?? file.modifiedMs) > (registered?.modifiedMs ?? 0);
}

/**
 * Sees to it that an architecture's entry is there and is the only one of ours. What is replaced stays in force until
 * the other is: the newest entry wins.
 *
 * @param entries the table's, read with the table's lock
 * @throws AnyarchError what was there before is in force then
 */
export function putIn(host: Parts, wanted: WantedRule, entries: readonly TableEntry[]): 'added' | 'kept' {
  const table = host.binfmt.table();
  const ours = entries.filter((entry) => isOurs(wanted, entry));
  const current = ours.find((entry) => isInForce(host, wanted, entry));
  const [canonical, fallback, temporary] = wanted.names;
  if (current === undefined) {
    const isFree = (name: string): boolean =>
      entries.every((entry) => entry.name !== name) || ours.some((entry) => entry.name === name);
    const name = isFree(canonical) ? canonical : fallback;
    const standsIn = ours.some((entry) => entry.name === name);
    if (standsIn) {
      // One that a killed process left may be of another emulator.
      if (ours.some((entry) => entry.name === temporary)) removeEntry(table, temporary);
      register(host, table, { ...wanted.rule, name: temporary });
      removeEntry(table, name);
    }
    register(host, table, { ...wanted.rule, name });
    if (standsIn) removeEntry(table, temporary);
    ours
      .filter((entry) => entry.name !== name && !(standsIn && entry.name === temporary))
      .forEach((entry) => {
        removeEntry(table, entry.name);
      });
    return 'added';
  }
  ours
    .filter((entry) => entry !== current)
    .forEach((entry) => {
      removeEntry(table, entry.name);
    });
  return 'kept';
}

/** One write, then read back. @throws AnyarchError */
export function register({ files }: Pick<Host, 'files'>, table: KernelTable, rule: Rule): void {
  try {
    table.register(ruleBytes(rule));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw registeringError({ files }, table.path, rule, error);
  }
  if (ignoring(['ENOENT'], () => table.read(rule.name)) !== undefined) return;
  throw new AnyarchError(
    'ANYARCH_REGISTER_FAILED',
    `registered ${rule.name} in ${table.path}, but it is not there`,
    {
      hint: 'another program is changing the table; run the command again when it has ended',
    },
  );
}
