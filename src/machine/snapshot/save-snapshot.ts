import { AnyarchError } from '../../core/error.ts';
import { fileFailure } from '../../host/file-failure.ts';
import { copySparse } from '../life/copy-sparse.ts';
import type { LayerHost } from '../layers/index.ts';
import type { MachinePlaces } from '../places.ts';
import type { MachineRecord, RunningMachine } from '../record.ts';
import { isStampOf } from '../state/disk-stamp.ts';
import type { SavedMemory } from '../state/document.ts';
import type { MigrateOptions } from '../state/migrate.ts';
import type { Monitor } from '../state/monitor.ts';
import { statePlaces } from '../state/places.ts';
import { readState } from '../state/read-state.ts';
import { checkSavable } from '../state/check-savable.ts';
import { confirmState, saveMemoryIn, writeJson } from '../state/save-state.ts';
import { linkOrCopy } from './copy-file.ts';
import type { SnapshotDocument } from './document.ts';
import { freezeDisk, type Frozen } from './freeze.ts';
import { snapshotPlaces, type SnapshotPlaces } from './places.ts';

export interface SnapshotOptions extends MigrateOptions {
  readonly name: string;
  /** Words that start qemu-img. */
  readonly imageTool: readonly string[];
  /** Of a machine that runs. */
  readonly live?:
    { readonly monitor: Monitor; readonly running: Pick<RunningMachine, 'qemu' | 'command'> } | undefined;
  /** Only to make something of it: the next command at this machine removes it, and it is not listed. */
  readonly isPassing?: boolean | undefined;
  /** Without what the guest has in its memory: as after a power cut. */
  readonly diskOnly?: boolean | undefined;
}

interface Machine {
  readonly record: Pick<MachineRecord, 'name' | 'definition' | 'hardware'>;
  readonly places: MachinePlaces;
}

/**
 * Keeps a machine as it is now. A running guest stands still meanwhile and goes on, whatever happens; what a stopped one
 * goes on with at its next start is kept with its disk. To be called with the machine's lock.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_MACHINE_EXISTS, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_CANCELLED,
 *   ANYARCH_STATE_UNUSABLE, ANYARCH_MACHINE_FAILED: the machine is as it was, and there is no snapshot
 */
export async function saveSnapshot(
  host: LayerHost,
  machine: Machine,
  options: SnapshotOptions,
): Promise<SnapshotDocument> {
  const { files } = host;
  const place = snapshotPlaces(machine.places, options.name);
  if (files.linkStatus(place.directory) !== undefined) throw exists(machine.record.name, options.name);
  if (options.live !== undefined && options.diskOnly !== true) checkSavable(machine.record);
  try {
    files.remove(place.unfinished);
    files.makeDirectory(place.unfinished, 0o700);
    return options.live === undefined
      ? await keepStopped(host, machine, place, options)
      : await keepRunning(host, machine, place, { ...options, ...options.live });
  } catch (error) {
    files.remove(place.unfinished);
    throw fileFailure(error, place.directory);
  }
}

async function keepRunning(
  host: LayerHost,
  { places }: Machine,
  place: SnapshotPlaces,
  { monitor, running, ...options }: SnapshotOptions & NonNullable<SnapshotOptions['live']>,
): Promise<SnapshotDocument> {
  try {
    // What is not answered in time may be done later.
    await monitor.execute('stop');
    copyVariables(host, places, place);
    const frozen = await freezeDisk(host, places, { imageTool: options.imageTool, monitor });
    const memory =
      options.diskOnly === true
        ? undefined
        : await saveMemoryIn(host, monitor, running, `${place.unfinished}/memory`, options);
    return finish(host, place, options, frozen, memory);
  } finally {
    await monitor.execute('cont');
  }
}

async function keepStopped(
  host: LayerHost,
  { places }: Machine,
  place: SnapshotPlaces,
  options: SnapshotOptions,
): Promise<SnapshotDocument> {
  const { files } = host;
  const saved = statePlaces(places);
  const state = readState(files, saved);
  const fits = typeof state === 'object' && isStampOf(files, places, state.disk) ? state : undefined;
  const memory = options.diskOnly === true ? undefined : fits?.memory;
  if (memory !== undefined) linkOrCopy(saved.memory, `${place.unfinished}/memory`);
  copyVariables(host, places, place);
  const frozen = await freezeDisk(host, places, { imageTool: options.imageTool });
  const document = finish(host, place, options, frozen, memory);
  // The layer that the machine has now is as empty as nothing: what it was saved with is below.
  if (fits !== undefined) confirmState(host, places);
  return document;
}

function copyVariables({ files }: LayerHost, places: MachinePlaces, place: SnapshotPlaces): void {
  if (files.status(places.variables) !== undefined)
    copySparse(places.variables, `${place.unfinished}/variables.fd`);
}

function finish(
  { files, clock }: LayerHost,
  place: SnapshotPlaces,
  { name, isPassing }: Pick<SnapshotOptions, 'isPassing' | 'name'>,
  frozen: Frozen,
  memory: SavedMemory | undefined,
): SnapshotDocument {
  const document: SnapshotDocument = {
    schema: 'anyarch/machine-snapshot/1',
    name,
    createdMs: clock.now(),
    ...frozen,
    ...(memory === undefined ? {} : { memory }),
  };
  writeJson(files, `${place.unfinished}/snapshot.json`, document);
  if (isPassing !== true) files.rename(place.unfinished, place.directory);
  return document;
}

function exists(machine: string, name: string): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_EXISTS', `${machine} has a snapshot called ${name} already`, {
    hint: `take another name, or remove it: anyarch machine snapshot remove ${machine} ${name}`,
    details: { machine, snapshot: name },
  });
}
