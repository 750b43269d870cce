import { encodeUtf8 } from '../../core/text.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import type { MachinePlaces } from '../places.ts';
import type { RunningMachine } from '../record.ts';
import { diskStamp } from './disk-stamp.ts';
import type { SavedMemory, StateDocument } from './document.ts';
import { machineWords } from './machine-words.ts';
import { saveMemory, type MigrateOptions } from './migrate.ts';
import type { Monitor } from './monitor.ts';
import { statePlaces } from './places.ts';
import { readState } from './read-state.ts';
import { syncFile } from './sync.ts';

type StateHost = Pick<Host, 'files' | 'clock'>;

export interface SavedMachine {
  readonly places: Pick<MachinePlaces, 'disk' | 'state'>;
  readonly running: Pick<RunningMachine, 'qemu' | 'command'>;
}

/**
 * Stops a guest and saves it, so that the next start goes on with it. QEMU still runs, is of no use any more, and has to
 * be told to quit; `confirmState` follows when it has. Until then the state cannot be taken for one that fits.
 *
 * @throws AnyarchError what `saveMemory` throws, ANYARCH_DISK_FULL, ANYARCH_PERMISSION; the guest runs again then
 */
export async function saveState(
  host: StateHost,
  monitor: Monitor,
  machine: SavedMachine,
  options: MigrateOptions,
): Promise<void> {
  const { files } = host;
  const place = statePlaces(machine.places);
  try {
    // What is not answered in time may be done later.
    await monitor.execute('stop');
    await writeState();
  } catch (error) {
    files.remove(place.unfinished);
    await monitor.execute('cont');
    throw fileFailure(error, place.unfinished);
  }

  async function writeState(): Promise<void> {
    files.remove(place.unfinished);
    files.makeDirectory(place.unfinished, 0o700);
    const memory = await saveMemoryIn(host, monitor, machine.running, `${place.unfinished}/memory`, options);
    const document: StateDocument = {
      schema: 'anyarch/machine-state/1',
      memory,
      disk: diskStamp(files, machine.places),
    };
    writeJson(files, `${place.unfinished}/state.json`, document);
    files.remove(place.directory);
    files.rename(place.unfinished, place.directory);
  }
}

/**
 * Memory of a stopped guest in a file that is on the disk when this returns.
 *
 * @throws AnyarchError what `saveMemory` throws
 */
export async function saveMemoryIn(
  { files, clock }: StateHost,
  monitor: Monitor,
  running: SavedMachine['running'],
  file: string,
  options: MigrateOptions,
): Promise<SavedMemory> {
  const savedMs = clock.now();
  await saveMemory(monitor, file, options);
  await syncFile(file);
  return {
    savedMs,
    qemu: { version: running.qemu.version, sha256: running.qemu.sha256 },
    words: machineWords(running.command),
    bytes: files.status(file)?.size ?? 0,
  };
}

/** Once QEMU has ended, which may have written to its disk while it closed it. */
export function confirmState({ files }: Pick<Host, 'files'>, places: SavedMachine['places']): void {
  const place = statePlaces(places);
  const state = readState(files, place);
  if (typeof state !== 'object') return;
  writeJson(files, place.document, { ...state, disk: diskStamp(files, places) });
}

export function writeJson(files: Pick<Host['files'], 'writeAtomic'>, path: string, document: object): void {
  files.writeAtomic(path, encodeUtf8(`${JSON.stringify(document, undefined, 1)}\n`), 0o600);
}
