import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { systemStateDirectory } from '../host/state-directory.ts';
import { storedFilesDirectory } from '../host/stored-path.ts';
import { ignoring } from '../host/system-error.ts';
import { adoptionsOf } from './adoption.ts';
import { readDescribed } from './described.ts';
import { here, type Place } from './here.ts';
import { emptyLedger, readLedger, reconcile } from './ledger.ts';
import type { Ledger } from './ledger-document.ts';
import { ownerOf } from './owner.ts';
import { interpreterState } from './pinned.ts';
import type { Adoption, KnownEntry } from './plan-data.ts';
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
  readonly adoptions: readonly Adoption[];
  /** Why ledgers could not be read, for who only looks. */
  readonly problems: readonly AnyarchError[];
}

export interface SurveyOptions {
  /** A ledger that cannot be read counts as empty, for who only looks: what the kernel does shows without it. Default false. */
  readonly tolerant?: boolean;
}

/** @throws AnyarchError ANYARCH_LEDGER_INVALID, unless `tolerant` */
export function survey(host: Host, state: string, { tolerant = false }: SurveyOptions = {}): Survey {
  const table = readTable(host);
  const place = here(host);
  const problems: AnyarchError[] = [];
  const read = (directory: string): Ledger => {
    try {
      return readLedger(host, directory);
    } catch (error) {
      if (!tolerant || !(error instanceof AnyarchError)) throw error;
      problems.push(error);
      return emptyLedger;
    }
  };
  const recorded = read(state);
  const ledger = reconcile(recorded, table, place);
  const visible =
    state === systemStateDirectory
      ? ledger
      : merged(ledger, reconcile(read(systemStateDirectory), table, place));
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
  const adoptions = adoptionsOf(host, entries, evidence);
  return { table, recorded, ledger, visible, place, entries, adoptions, problems };
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
  const registrations = [...a.registrations, ...b.registrations];
  return { ...a, registrations, wishes: [...a.wishes, ...b.wishes] };
}
