import { AnyarchError } from '../../core/error.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import type { MachinePlaces } from '../places.ts';
import { readSnapshot, type SnapshotDocument } from './document.ts';
import { snapshotPlaces } from './places.ts';

type Places = Pick<MachinePlaces, 'snapshots' | 'directory'>;

/** The oldest first. @throws AnyarchError ANYARCH_STATE_INVALID */
export function listSnapshots(
  files: Pick<Files, 'list' | 'read'>,
  { snapshots }: Places,
): SnapshotDocument[] {
  const names = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(snapshots)) ?? [];
  return names
    .filter((name) => !name.startsWith('.'))
    .map((name) => readSnapshot(files, `${snapshots}/${name}`))
    .filter((document) => document !== undefined)
    .toSorted((one, other) => one.createdMs - other.createdMs);
}

/** @throws AnyarchError ANYARCH_USAGE, ANYARCH_MACHINE_NOT_FOUND, ANYARCH_STATE_INVALID */
export function findSnapshot(
  files: Pick<Files, 'list' | 'read'>,
  machine: { readonly record: { readonly name: string }; readonly places: Places },
  name: string,
): SnapshotDocument {
  const document = readSnapshot(files, snapshotPlaces(machine.places, name).directory);
  if (document !== undefined) return document;
  const names = listSnapshots(files, machine.places).map((one) => one.name);
  throw new AnyarchError(
    'ANYARCH_MACHINE_NOT_FOUND',
    `${machine.record.name} has no snapshot called ${name}`,
    {
      hint:
        names.length === 0
          ? `it has none; make one: anyarch machine snapshot save ${machine.record.name} ${name}`
          : `it has ${names.slice(0, 10).join(', ')}`,
      details: { machine: machine.record.name, snapshot: name, snapshots: names },
    },
  );
}
