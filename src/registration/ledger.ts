import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import { isTemporaryOf } from '../host/temporary-name.ts';
import { here, samePlace, type Place } from './here.ts';
import {
  invalid,
  parseLedger,
  ruleOf,
  type Ledger,
  type Registration,
  type Wish,
} from './ledger-document.ts';
import { sameRule } from './same-rule.ts';
import type { Table } from './table.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';

export const emptyLedger: Ledger = { schema: 2, registrations: [], wishes: [], letGo: [] };

const ledgerName = 'registrations.json';

export function ledgerPath(state: string): string {
  return `${state}/${ledgerName}`;
}

/** @throws AnyarchError ANYARCH_LEDGER_INVALID; the file stays as it is. */
export function readLedger({ files }: Pick<Host, 'files'>, state: string): Ledger {
  const path = ledgerPath(state);
  try {
    const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
    return bytes === undefined ? emptyLedger : parseLedger(path, decodeUtf8(bytes));
  } catch (error) {
    if (error instanceof SystemError) throw invalid(path, error.errno, error);
    throw error;
  }
}

/**
 * What was asked to be in the table in force here, since the boot.
 *
 * @throws AnyarchError ANYARCH_LEDGER_INVALID
 */
export function readWishes(host: Pick<Host, 'files'>, state: string): readonly Wish[] {
  const place = here(host);
  const ledger = readLedger(host, state);
  const letGo = letGoIn(ledger, place);
  return ledger.wishes.filter((wish) => samePlace(wish.place, place) && !letGo.includes(wish.architecture));
}

/**
 * What was unregistered by command in the table in force here and not asked for since, by QEMU's target name: what is
 * registered at each boot is not to be brought again by itself.
 *
 * @throws AnyarchError ANYARCH_LEDGER_INVALID
 */
export function readLetGo(host: Pick<Host, 'files'>, state: string): ReadonlySet<string> {
  const place = here(host);
  return new Set(letGoIn(readLedger(host, state), place));
}

export function letGoIn({ letGo }: Ledger, place: Place): string[] {
  return letGo.flatMap((one) => (samePlace(one.place, place) ? one.architectures : []));
}

/**
 * The former ledger stays until the new one is complete.
 *
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE
 */
export function writeLedger({ files }: Pick<Host, 'files'>, state: string, ledger: Ledger): void {
  const path = ledgerPath(state);
  try {
    files.makeDirectory(state, 0o755);
    files.writeAtomic(path, encodeUtf8(`${JSON.stringify(ledger, undefined, 2)}\n`), 0o644);
  } catch (error) {
    if (error instanceof SystemError) throw ledgerWriteError(path, error);
    throw error;
  }
}

function ledgerWriteError(path: string, cause: SystemError): AnyarchError {
  const isFull = cause.errno === 'ENOSPC' || cause.errno === 'EDQUOT';
  const isForbidden = cause.errno === 'EACCES' || cause.errno === 'EPERM' || cause.errno === 'EROFS';
  return new AnyarchError(
    isFull ? 'ANYARCH_DISK_FULL' : isForbidden ? 'ANYARCH_PERMISSION' : 'ANYARCH_FILE',
    `could not write the ledger ${path}: ${cause.errno}`,
    {
      hint: isFull ? 'make room there and run the command again' : 'name another directory with ANYARCH_HOME',
      cause,
    },
  );
}

/** @throws AnyarchError ANYARCH_LOCKED; SystemError where the directory cannot be made */
export function withLedgerLock<T>(host: Pick<Host, 'files' | 'clock'>, state: string, action: () => T): T {
  host.files.makeDirectory(state, 0o755);
  return withLock(host, `${state}/registrations.lock`, () => {
    clearAway(host.files, state);
    return action();
  });
}

/** What a killed command was writing. Nobody else writes the ledger now, and a cache may lose what it is given. */
function clearAway(files: Host['files'], state: string): void {
  for (const name of files.list(state)) {
    if (isTemporaryOf(ledgerName, name) || isTemporaryOf('digests.json', name))
      files.remove(`${state}/${name}`);
  }
}

/**
 * The kernel's word counts: what is recorded for this place but not in the table any more is dropped, and so is
 * what another boot had. Other user namespaces' records of this boot stay, and what was asked for and let go does: that is
 * not about what is there. What belongs here comes last.
 */
export function reconcile(ledger: Ledger, table: Table, place: Place): Ledger {
  const isHere = (one: Located) => samePlace(one.place, place);
  const isElsewhere = (one: Located) => one.place.boot === place.boot && !isHere(one);
  const { registrations, wishes, letGo } = ledger;
  const kept = latestNamespaces([...registrations, ...wishes, ...letGo].filter(isElsewhere));
  const isKept = (one: Located) => isElsewhere(one) && kept.has(one.place.userNamespace);
  const ofThisBoot = <One extends Located>(all: readonly One[]) => [
    ...all.filter(isKept),
    ...all.filter(isHere),
  ];
  return {
    ...ledger,
    registrations: ofThisBoot(registrations).filter((one) => !isHere(one) || isListed(one, table)),
    wishes: ofThisBoot(wishes),
    letGo: ofThisBoot(letGo),
  };
}

type Located = Pick<Registration, 'place'>;

/** A constant of the kernel (include/linux/proc_ns.h, PROC_USER_INIT_INO: 0xEFFFFFFD): the host's, which never goes. */
const initialUserNamespace = 'user:[4026531837]';

/**
 * Nobody can tell everywhere whether a namespace still exists, so records of so many others are kept, the latest ones.
 * The kernel gives the number of one that has gone to another: there, too, only what the table lists counts.
 */
const mostNamespaces = 32;

function latestNamespaces(others: readonly Located[]): ReadonlySet<string> {
  const latestFirst = new Set(others.map((one) => one.place.userNamespace).toReversed());
  return new Set([initialUserNamespace, ...[...latestFirst].slice(0, mostNamespaces)]);
}

function isListed(registration: Registration, table: Table): boolean {
  const listed = table.entries.find(({ name }) => name === registration.name)?.entry;
  const rule = ruleOf(registration.rule);
  return listed !== undefined && rule !== undefined && sameRule(listed, rule);
}

/** The records of the entry with this name, after `reconcile`: two when a replacement was interrupted. */
export function recordsOf(ledger: Ledger, name: string, place: Place): readonly Registration[] {
  return ledger.registrations.filter((r) => r.name === name && samePlace(r.place, place));
}
