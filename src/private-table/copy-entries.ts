import { AnyarchError } from '../core/error.ts';
import { findArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { takesProgramsOf, type Table } from '../registration/index.ts';
import type { Ensured } from './ensured.ts';
import { register } from './put-in.ts';
import type { WantedRule } from './wanted-rule.ts';

/**
 * Copies what the host has into the private table, which hides it, oldest first: the newest entry wins. Flag F opens the
 * interpreter by its path anew, which fails where it is in a container's files only.
 *
 * @param hosts as it was seen before the private one was mounted over it
 * @param replaced what rules of ours are about to be made for
 */
export function copyEntries(
  host: Pick<Host, 'files' | 'binfmt'>,
  hosts: Table,
  replaced: readonly WantedRule[],
): Pick<Ensured, 'copied' | 'notCopied'> {
  const table = host.binfmt.table();
  const copied: string[] = [];
  const notCopied: { name: string; reason: string }[] = [];
  const there = table.list();
  for (const { name, entry } of [...hosts.entries].reverse()) {
    if (entry?.enabled === false || there.includes(name)) continue;
    if (entry === undefined) {
      notCopied.push({ name, reason: 'it does not read as the kernel writes entries' });
      continue;
    }
    const taken = replaced.find(({ rule }) => rule.name === name);
    if (taken !== undefined) {
      if (!takesProgramsOf(entry, findArchitecture(taken.architecture)))
        notCopied.push({ name, reason: 'one of ours has its name' });
      continue;
    }
    try {
      register(host, table, entry);
      copied.push(name);
    } catch (error) {
      if (!(error instanceof AnyarchError)) throw error;
      notCopied.push({ name, reason: error.message });
    }
  }
  return { copied, notCopied };
}
