import type { Level } from './explanation.ts';
import type { KnownEntry } from './plan-data.ts';
import type { Table } from './table.ts';

/** What to type so that the file of this level runs; undefined when nothing of ours helps. */
export function remedyFor(
  { path, content, entries, winner }: Level,
  { table, entries: known }: { readonly table: Table; readonly entries: readonly KnownEntry[] },
): string | undefined {
  const off = entries.find(({ result }) => result === 'switched-off');
  if (off !== undefined) return `echo 1 > ${table.path}/status`;
  const disabled = entries.find(
    ({ result, reason }) => result === 'disabled' && reason.startsWith('it would'),
  );
  if (disabled !== undefined && disabled.owner.kind !== 'anyarch')
    return `echo 1 > ${table.path}/${disabled.name}`;
  const winning = known.find(({ listed }) => listed.name === winner);
  const architecture = content.kind === 'elf' ? content.architecture : winning?.architecture;
  if (architecture === undefined) return undefined;
  return `sudo anyarch register ${architecture}, for all programs and containers; or without root: anyarch exec ${path}`;
}
