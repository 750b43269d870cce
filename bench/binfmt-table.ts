import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The table in force where this process runs. */
export const tablePath = '/proc/sys/fs/binfmt_misc';

/** Names and the kernel's texts. */
export function readEntries(): Map<string, string> {
  const names = readdirSync(tablePath).filter((name) => name !== 'register' && name !== 'status');
  return new Map(names.map((name) => [name, readFileSync(join(tablePath, name), 'utf8')]));
}

export function registerRule(rule: string): void {
  writeFileSync(join(tablePath, 'register'), rule);
}

export function removeEntry(name: string): void {
  writeFileSync(join(tablePath, name), '-1');
}

/** Only for a table that nobody else uses. */
export function removeAllEntries(): void {
  for (const name of readEntries().keys()) removeEntry(name);
}
