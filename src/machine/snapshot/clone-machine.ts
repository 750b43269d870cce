import { AnyarchError } from '../../core/error.ts';
import { encodeUtf8 } from '../../core/text.ts';
import { fileFailure } from '../../host/file-failure.ts';
import { isUntouched, tidyLayers, type LayerHost } from '../layers/index.ts';
import { keyFiles, makeKeys, type MachineKeys } from '../access/keys.ts';
import { copySparse } from '../life/copy-sparse.ts';
import { machineSeed } from '../life/machine-seed.ts';
import { refuseForbiddenPorts } from '../network/allocate-network.ts';
import { past, readFirstStart, writeFirstStart, type FirstStart } from '../seed/first-start.ts';
import { machinePlaces, machinesDirectory, type MachinePlaces } from '../places.ts';
import type { Forward, MachineRecord } from '../record.ts';
import { clearUnfinished } from './clear-unfinished.ts';
import type { SnapshotDocument } from './document.ts';
import { findSnapshot } from './find-snapshot.ts';
import { contentIn, snapshotPlaces, type SnapshotContent } from './places.ts';
import { putInto } from './restore-snapshot.ts';
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
}

/**
 * Makes a machine of another one, or of a snapshot of it. Both lie over what they have in common, nothing of a disk is
 * copied, and the new one goes on with the memory that was saved, if there is any. To be called with the source's lock.
 *
 * Until it boots the new guest is the other one in all but its connections: name, host key and network address are in its
 * memory. At its first cold boot it becomes an instance of its own, with a name and a network card of its own. What the
 * source was told beyond that is on this disk already, unless nobody ever wrote to it: then the new one is told the same.
 *
 * @throws AnyarchError ANYARCH_MACHINE_EXISTS, ANYARCH_PERMISSION for a port that is root's, and what `saveSnapshot` and
 *   `restoreSnapshot` throw: there is no new machine then
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
  await refuseForbiddenPorts(host, { name, forwards: options.forwards ?? [] });
  if (options.snapshot !== undefined) {
    const snapshot = findSnapshot(host.files, source, options.snapshot);
    const from = snapshotPlaces(source.places, options.snapshot);
    return make(host, source, { snapshot, from }, options);
  }
  const passing = `clone-${options.id.replaceAll('-', '').slice(0, 12)}`;
  const snapshot = await saveSnapshot(host, source, { ...options, name: passing, isPassing: true });
  try {
    const from = contentIn(snapshotPlaces(source.places, passing).unfinished);
    return make(host, source, { snapshot, from }, options);
  } finally {
    clearUnfinished(host.files, source.places);
    tidyLayers(host);
  }
}

interface Origin {
  readonly snapshot: SnapshotDocument;
  readonly from: SnapshotContent;
}

function make(host: LayerHost, source: Machine, { snapshot, from }: Origin, options: CloneOptions): Machine {
  const { files, system } = host;
  const places = machinePlaces(system, options.name);
  const record = recordOf(host, source, snapshot, options);
  const work = machinePlaces(system, `.new-${options.id}`);
  try {
    files.makeDirectory(machinesDirectory(system), 0o755);
    files.makeDirectory(work.directory, 0o700);
    const keys = copyKeys(host, source, { record, places: work });
    putInto(host, work, snapshot, { imageTool: options.imageTool, from });
    const first = firstStartOf(host, source, snapshot);
    files.writeAtomic(work.seed, machineSeed(host, record, keys, first), 0o600);
    writeFirstStart(files, work.firstStart, first);
    files.writeAtomic(work.record, encodeUtf8(`${JSON.stringify(record, undefined, 2)}\n`), 0o600);
    files.rename(work.directory, places.directory);
  } catch (error) {
    files.remove(work.directory);
    tidyLayers(host);
    throw fileFailure(error, places.directory);
  }
  return { record, places };
}

function recordOf(
  { clock, system }: LayerHost,
  { record }: Machine,
  { diskBytes }: SnapshotDocument,
  { name, id, forwards = [] }: CloneOptions,
): MachineRecord {
  const access = { ...record.access, key: keyFiles(machinePlaces(system, name)).user };
  return { ...record, name, id, createdMs: clock.now(), diskBytes, forwards, access };
}

/** The same keys, because the guest that goes on has them in its memory; known_hosts has them by the new id. */
function copyKeys(host: LayerHost, source: Machine, clone: Machine): MachineKeys {
  const { files } = host;
  files.makeDirectory(clone.places.ssh, 0o700);
  const [from, to] = [keyFiles(source.places), keyFiles(clone.places)];
  for (const half of ['', '.pub'])
    for (const one of ['user', 'host'] as const)
      if (files.status(from[one] + half) !== undefined) copySparse(from[one] + half, to[one] + half);
  return makeKeys(host, clone.places, clone.record);
}

/** What the new machine has to be told: only what is not on its disk. */
function firstStartOf(
  { files, log }: LayerHost,
  { record: { name, base }, places }: Machine,
  { layer }: SnapshotDocument,
): FirstStart {
  const kept = (): FirstStart | undefined => readFirstStart(files, places.firstStart);
  if (isUntouched(files, layer, base.file)) {
    const first = kept();
    if (first === undefined)
      log.warn(
        `what ${name} is to be told at its first start is in its own seed only: the copy knows neither its packages nor its commands (start ${name} once, then copy it)`,
      );
    return first ?? past;
  }
  // Without cloud-init the guest takes keys from the seed at each boot.
  const sshKey = base.cloudInit === 'no' ? kept()?.sshKey : undefined;
  return { ...past, ...(sshKey === undefined ? {} : { sshKey }) };
}
