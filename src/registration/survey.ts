import type { Host } from '../host/host.ts';
import { systemStateDirectory } from '../host/state-directory.ts';
import { storedFilesDirectory } from '../host/stored-path.ts';
import { ignoring } from '../host/system-error.ts';
import { readDescribed } from './described.ts';
import { here, type Place } from './here.ts';
import { readLedger, reconcile } from './ledger.ts';
import type { Ledger } from './ledger-document.ts';
import { ownerOf } from './owner.ts';
import { interpreterState } from './pinned.ts';
import type { KnownEntry } from './plan-data.ts';
import { architectureOf } from './sample.ts';
import { readTable, type Table } from './table.ts';

/** Everything that a command needs to know before it decides. */
export interface Survey {
  readonly table: Table;
  /** As it is in the file. */
  readonly recorded: Ledger;
  /** Without what the kernel does not list any more. */
  readonly ledger: Ledger;
  /** The same and what root recorded: what root registered is anyarch's for everybody who looks. */
  readonly visible: Ledger;
  readonly place: Place;
  /** The newest first. */
  readonly entries: readonly KnownEntry[];
}

/** @throws AnyarchError ANYARCH_LEDGER_INVALID */
export function survey(host: Host, state: string): Survey {
  const table = readTable(host);
  const place = here(host);
  const recorded = readLedger(host, state);
  const ledger = reconcile(recorded, table, place);
  const visible =
    state === systemStateDirectory
      ? ledger
      : merged(ledger, reconcile(readLedger(host, systemStateDirectory), table, place));
  const evidence = {
    ledger: visible,
    place,
    described: table.entries.length === 0 ? [] : readDescribed(host),
    stores: storesOf(host, [state, systemStateDirectory]),
  };
  const entries = table.entries.map((listed) => ({
    listed,
    owner: ownerOf(listed, evidence),
    interpreter: interpreterState(host, listed, visible, place),
    architecture: architectureOf(listed),
  }));
  return { table, recorded, ledger, visible, place, entries };
}

/** Emulators are registered by their resolved paths; a file that is gone has the one that it was given. */
function storesOf({ files }: Pick<Host, 'files'>, directories: readonly string[]): string[] {
  const stores = directories.map(storedFilesDirectory).flatMap((directory) => {
    const resolved = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => files.resolve(directory));
    return resolved === undefined ? [directory] : [directory, resolved];
  });
  return [...new Set(stores)].map((directory) => `${directory}/`);
}

function merged(a: Ledger, b: Ledger): Ledger {
  return { ...a, registrations: [...a.registrations, ...b.registrations] };
}
