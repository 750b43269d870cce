import type { Flags } from '../../core/flags.ts';
import type { EntryStatus } from '../../registration/index.ts';
import { fact } from '../examination.ts';
import { concernedArchitectures } from './concerned.ts';
import { tableStatus } from './status.ts';

/** An entry that the kernel uses now, of which everything is known. */
export interface EntryInForce extends EntryStatus {
  /** QEMU's target name. */
  readonly architecture: string;
  readonly interpreter: string;
  readonly flags: Flags;
}

/** Entries that programs of foreign architectures meet: of those that were asked about, or of all. */
export const entriesInForce = fact((examination): readonly EntryInForce[] => {
  const { native } = tableStatus(examination);
  return concernedEntries(examination).filter(({ architecture }) => !native.includes(architecture));
});

/** Entries that take programs which this machine could run by itself: of the architectures that were asked about, or of all. */
export const nativeEntries = fact((examination): readonly EntryInForce[] => {
  const { native } = tableStatus(examination);
  return concernedEntries(examination).filter(({ architecture }) => native.includes(architecture));
});

const concernedEntries = fact((examination): readonly EntryInForce[] => {
  const { entries, table } = tableStatus(examination);
  const concerned = concernedArchitectures(examination);
  if (table.state !== 'mounted' || !table.enabled) return [];
  return entries
    .filter(isInForce)
    .filter(({ architecture }) => concerned.length === 0 || concerned.includes(architecture));
});

function isInForce(entry: EntryStatus): entry is EntryInForce {
  const { enabled, kind, shadowedBy, architecture, interpreter, flags } = entry;
  return (
    enabled === true &&
    kind === 'magic' &&
    shadowedBy === undefined &&
    architecture !== undefined &&
    interpreter !== undefined &&
    flags !== undefined
  );
}

/** Whether executing its probe has shown that it works here. */
export function isProven({ proof }: EntryStatus): boolean {
  return proof?.status === 'proven';
}

/** What execve refused its probe with. */
export function refusedWith({ proof }: EntryStatus): string | undefined {
  return proof?.status === 'failed' && proof.outcome.kind === 'refused' ? proof.outcome.errno : undefined;
}
