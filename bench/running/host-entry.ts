import { existsSync } from 'node:fs';
import type { Rule } from '../../src/index.ts';
import { acquireLock } from '../../test/support/lock.ts';
import { readEntries, registerRule, removeEntry, tablePath } from '../binfmt-table.ts';
import type { Library } from '../library.ts';

const name = 'anyarch-bench';

/**
 * Has one more entry in the host's table while `action` runs; also a signal removes it. The newest entry wins, so
 * whatever else there is stays untouched.
 * @param action is told why there is no entry, where there can be none
 */
export async function withHostEntry<T>(
  library: Library,
  rule: Rule,
  action: (unregistered: string | undefined) => Promise<T>,
): Promise<T> {
  if (!existsSync(`${tablePath}/register`)) return action(`binfmt_misc is not mounted at ${tablePath}`);
  // The one that the end-to-end tests hold.
  const release = await acquireLock('/tmp/anyarch-test-host-table.lock');
  const before = describeTable();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  process.on('exit', remove);
  for (const signal of signals) process.on(signal, exitOnSignal);
  try {
    const flags = { ...rule.flags, fixBinary: true };
    registerRule(new TextDecoder().decode(library.formatRule({ ...rule, name, flags })));
    return await action(undefined);
  } finally {
    remove();
    process.off('exit', remove);
    for (const signal of signals) process.off(signal, exitOnSignal);
    await release();
    warnUnless(describeTable() === before);
  }
}

function remove(): void {
  if (readEntries().has(name)) removeEntry(name);
}

/** Somebody who does not take the lock has been at it, too: the times may be theirs. */
function warnUnless(unchanged: boolean): void {
  if (!unchanged) console.error("the host's table was changed by somebody else meanwhile");
}

function exitOnSignal(): void {
  process.exit(1);
}

function describeTable(): string {
  return JSON.stringify([...readEntries()]);
}
