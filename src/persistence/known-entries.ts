import type { Host } from '../host/host.ts';
import { persistedTarget } from './places.ts';
import { entryNames, readTable } from '../registration/index.ts';
import { bootEntry, recordedEntry, type BootEntry } from './boot-entry.ts';
import type { Persisted } from './document.ts';
import { formatEntries } from './init/formats.ts';
import type { OwnFile } from './own-files.ts';

/**
 * What is in the table with an emulator of ours.
 *
 * @param isGone whether also those whose emulator is gone, as `disable` leaves them when there is no other one
 */
export function liveEntries(host: Pick<Host, 'files' | 'binfmt'>, isGone: boolean): BootEntry[] {
  return readTable(host).entries.flatMap(({ name, entry }): BootEntry[] => {
    const target = entry?.kind === 'magic' ? persistedTarget(entry.interpreter) : undefined;
    if (entry === undefined || target === undefined) return [];
    if (!isGone && host.files.status(entry.interpreter) === undefined) return [];
    // Whoever has left a stand-in was to register the entry itself.
    const { canonical } = entryNames(target);
    return name.endsWith('-next') ? [bootEntry(target, canonical, entry.flags)] : [{ target, rule: entry }];
  });
}

/**
 * Every entry that may be registered at boot by us: what is written down, what a killed command intended, what our files
 * and our formats in binfmt-support's database say, and what is in the table. One of each name for each architecture.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID
 */
export function knownEntries(
  host: Pick<Host, 'files'>,
  document: Persisted | undefined,
  own: readonly OwnFile[],
  live: readonly BootEntry[],
): BootEntry[] {
  const written = [...(document?.architectures ?? []), ...(document?.intended ?? [])].map(recordedEntry);
  const read = own.flatMap(({ entry }) => (entry === undefined ? [] : [entry]));
  const all = [...written, ...read, ...formatEntries(host), ...live];
  const known = new Map(all.toReversed().map((entry) => [`${entry.target} ${entry.rule.name}`, entry]));
  return [...known.values()].toSorted((a, b) => (a.target < b.target ? -1 : 1));
}
