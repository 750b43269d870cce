import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import type { Fingerprint, Ledger } from './ledger-document.ts';
import { recordsOf } from './ledger.ts';
import type { Place } from './here.ts';
import type { TableEntry } from './table.ts';

/**
 * What has become of an entry's interpreter since the entry was made.
 * - `same`: the file is the one that was registered
 * - `replaced`, `deleted`: with F the old inode keeps running, without F the path is looked up at each exec
 * - `unrecorded`: nobody wrote down what was registered, so it cannot be told
 * - `interrupted`: a command was killed between announcing and recording; one of two files is pinned
 */
export type InterpreterState = 'same' | 'replaced' | 'deleted' | 'unrecorded' | 'interrupted';

export function interpreterState(
  host: Pick<Host, 'files'>,
  listed: TableEntry,
  ledger: Ledger,
  place: Place,
): InterpreterState {
  const interpreter = listed.entry?.interpreter;
  const now = interpreter === undefined ? undefined : fingerprintOf(host, interpreter);
  if (now === undefined) return 'deleted';
  const records = recordsOf(ledger, listed.name, place);
  const [record] = records;
  if (record?.file === undefined) return 'unrecorded';
  if (records.length > 1 || record.state === 'intended') return 'interrupted';
  return sameFingerprint(record.file, now) ? 'same' : 'replaced';
}

/** Undefined where no file is. */
export function fingerprintOf({ files }: Pick<Host, 'files'>, path: string): Fingerprint | undefined {
  const status = ignoring(['EACCES', 'ELOOP'], () => files.status(path));
  if (status?.kind !== 'file') return undefined;
  return { inode: status.inode, size: status.size, modifiedMs: status.modifiedMs };
}

/** Whether it is the same file with the same content, as far as that shows without reading it. */
export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.inode === b.inode && a.size === b.size && a.modifiedMs === b.modifiedMs;
}
