import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { LayerHost } from '../layers/index.ts';
import { keyFiles } from '../access/keys.ts';
import { machinePlaces, machinesDirectory, type MachinePlaces } from '../places.ts';
import type { Forward, MachineRecord } from '../record.ts';
import { copyDurably } from './copy-file.ts';
import type { SnapshotDocument } from './document.ts';
import { findSnapshot } from './find-snapshot.ts';
import { snapshotPlaces } from './places.ts';
import { putInto, removeSnapshot } from './restore-snapshot.ts';
import { saveSnapshot, type SnapshotOptions } from './save-snapshot.ts';

interface Machine {
  readonly record: MachineRecord;
  readonly places: MachinePlaces;
}

export interface CloneOptions extends Omit<SnapshotOptions, 'name'> {
  readonly name: string;
  /** Of the new machine, as no other has it. */
  readonly id: string;
  /** Of the source; without it, the source as it is now. */
  readonly snapshot?: string | undefined;
  /** Instead of the source's, which two running machines cannot have both: none by default. */
  readonly forwards?: readonly Forward[] | undefined;
  /** The seed of the new machine: it is an instance of its own at its first cold boot. */
  readonly seed: (machine: Machine) => Uint8Array;
}

/**
 * Makes a machine of another one, or of a snapshot of it. Both lie over what they have in common, nothing of a disk is
 * copied, and the new one goes on with the memory that was saved, if there is any. To be called with the source's lock.
 *
 * Until it boots the new guest is the other one in all but its connections: name, host key and network address are in its
 * memory.
 *
 * @throws AnyarchError ANYARCH_MACHINE_EXISTS and what `saveSnapshot` and `restoreSnapshot` throw: there is no new machine then
 */
export async function cloneMachine(
  host: LayerHost,
  source: Machine,
  options: CloneOptions,
): Promise<Machine> {
  const { name } = options;
  const places = machinePlaces(host.system, name);
  if (host.files.linkStatus(places.directory) !== undefined)
    throw new AnyarchError('ANYARCH_MACHINE_EXISTS', `there is a machine called ${name} already`, {
      hint: `take another name, or remove it: anyarch machine remove ${name}`,
      details: { name },
    });
  if (options.snapshot !== undefined) {
    const snapshot = findSnapshot(host.files, source, options.snapshot);
    return make(host, source, snapshot, options);
  }
  const passing = `clone-${options.id.replaceAll('-', '').slice(0, 12)}`;
  const snapshot = await saveSnapshot(host, source, { ...options, name: passing });
  try {
    return make(host, source, snapshot, options);
  } finally {
    removeSnapshot(host, source.places, passing);
  }
}

function make(host: LayerHost, source: Machine, snapshot: SnapshotDocument, options: CloneOptions): Machine {
  const { files, system } = host;
  const places = machinePlaces(system, options.name);
  const record = recordOf(host, source, snapshot, options);
  const unfinished = `.${options.name}.${options.id}`;
  const work = machinePlaces(system, unfinished);
  try {
    files.makeDirectory(machinesDirectory(system), 0o755);
    files.makeDirectory(work.directory, 0o700);
    copyKeys(host, source, { record, places: work });
    putInto(host, work, snapshot, {
      imageTool: options.imageTool,
      from: snapshotPlaces(source.places, snapshot.name),
    });
    files.writeAtomic(work.seed, options.seed({ record, places: work }), 0o600);
    files.writeAtomic(work.record, encodeUtf8(`${JSON.stringify(record, undefined, 2)}\n`), 0o600);
    files.rename(work.directory, places.directory);
  } catch (error) {
    files.remove(work.directory);
    throw fileFailure(error, places.directory);
  }
  return { record, places };
}

function recordOf(
  { clock, system }: LayerHost,
  { record, places }: Machine,
  { diskBytes }: SnapshotDocument,
  { name, id, forwards = [] }: CloneOptions,
): MachineRecord {
  const own = machinePlaces(system, name);
  const { access } = record;
  const isOwnKey = access.key.startsWith(`${places.directory}/`);
  const key = isOwnKey ? own.directory + access.key.slice(places.directory.length) : access.key;
  return { ...record, name, id, createdMs: clock.now(), diskBytes, forwards, access: { ...access, key } };
}

/** The same keys, because the guest that goes on has them in its memory; known_hosts has them by the new id. */
function copyKeys({ files }: LayerHost, source: Machine, clone: Machine): void {
  files.makeDirectory(clone.places.ssh, 0o700);
  const [from, to] = [keyFiles(source.places), keyFiles(clone.places)];
  for (const half of ['', '.pub'])
    for (const one of ['user', 'host'] as const)
      if (files.status(from[one] + half) !== undefined) copyDurably(from[one] + half, to[one] + half);
  if (files.status(from.knownHosts) === undefined) return;
  const known = decodeUtf8(files.read(from.knownHosts));
  files.writeAtomic(to.knownHosts, encodeUtf8(known.replaceAll(source.record.id, clone.record.id)), 0o600);
}
