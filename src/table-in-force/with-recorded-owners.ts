import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { readWantedTable, wantedTablePathIn, type WantedTable } from '../private-table/index.ts';
import type { StatusReport } from '../registration/index.ts';

/** Entries of a private table that are as this user's record of private tables wants them are anyarch's. */
export function withRecordedOwners(
  host: Pick<Host, 'files'>,
  state: string,
  entries: StatusReport['entries'],
): StatusReport['entries'] {
  const architectures = readable(host, state)?.architectures ?? [];
  const evidence = `recorded in ${wantedTablePathIn(state)}`;
  return entries.map((entry) =>
    entry.owner.kind !== 'anyarch' &&
    architectures.some(({ name, listed }) => name === entry.name && listed === entry.text)
      ? { ...entry, owner: { kind: 'anyarch', evidence } }
      : entry,
  );
}

function readable(host: Pick<Host, 'files'>, state: string): WantedTable | undefined {
  try {
    return readWantedTable(host, state);
  } catch (error) {
    // `rootless status` tells of a damaged one.
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
