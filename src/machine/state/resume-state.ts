import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { MachinePlaces } from '../places.ts';
import { isRefusal } from '../qmp/refusal.ts';
import type { MachineRecord } from '../record.ts';
import { isStampOf } from './disk-stamp.ts';
import type { SavedMemory, StateDocument } from './document.ts';
import { firstDifference, machineWords } from './machine-words.ts';
import { loadMemory, type MigrateOptions } from './migrate.ts';
import type { Monitor } from './monitor.ts';
import { statePlaces } from './places.ts';
import { readState } from './read-state.ts';

type StateHost = Pick<Host, 'files' | 'log'>;
type Places = Pick<MachinePlaces, 'disk' | 'state'>;

/** Behind all other words of QEMU's command line: it waits for a saved memory, and with that for `cont`. */
export const incomingWords: readonly string[] = ['-S', '-incoming', 'defer'];

/** What is about to be started. */
export interface PlannedQemu {
  readonly qemu: { readonly version: string; readonly sha256: string };
  /** Without `incomingWords`. */
  readonly command: readonly string[];
}

/**
 * The state that a start is to go on with. One that the disk has moved on from is of no use: it is removed, and said so.
 *
 * @returns undefined for a cold boot
 * @throws AnyarchError ANYARCH_STATE_UNUSABLE where the state is good and what is planned does not fit: a cold boot would
 *   lose it, and is to be asked for
 */
export function stateToResume(
  host: StateHost,
  { name }: Pick<MachineRecord, 'name'>,
  places: Places,
  planned: PlannedQemu,
): StateDocument | undefined {
  const place = statePlaces(places);
  clearLeftovers(host, places);
  const state = readState(host.files, place);
  if (state === undefined) return undefined;
  const why = whyWorthless(host, places, state);
  if (why !== undefined) {
    host.log.warn(`the saved state of ${name} is of no use, ${why}: it boots`);
    dropState(host, places);
    return undefined;
  }
  const memory = (state as StateDocument).memory;
  checkFits(name, memory, planned);
  return state as StateDocument;
}

function whyWorthless(host: StateHost, places: Places, state: StateDocument | 'damaged'): string | undefined {
  if (state === 'damaged') return 'because it is damaged';
  return isStampOf(host.files, places, state.disk) ? undefined : 'because the disk has been written to since';
}

/** @throws AnyarchError ANYARCH_STATE_UNUSABLE */
function checkFits(name: string, memory: SavedMemory, { qemu, command }: PlannedQemu): void {
  const isOtherQemu = memory.qemu.sha256 !== qemu.sha256 || memory.qemu.version !== qemu.version;
  const difference = isOtherQemu
    ? `it was saved by QEMU ${memory.qemu.version} (${shortened(memory.qemu.sha256)}), and this is QEMU ${qemu.version} (${shortened(qemu.sha256)})`
    : firstDifference(memory.words, machineWords(command));
  if (difference === undefined) return;
  throw new AnyarchError(
    'ANYARCH_STATE_UNUSABLE',
    `the saved state of ${name} does not fit what would go on with it: ${difference}`,
    {
      hint: isOtherQemu
        ? `start it with that QEMU, or without the state, as after a power cut: anyarch machine start ${name} --cold`
        : `undo the change, or start it without the state, as after a power cut: anyarch machine start ${name} --cold`,
      details: { name, saved: memory.qemu.version, present: qemu.version },
    },
  );
}

function shortened(digest: string): string {
  return digest.slice(0, 12);
}

/**
 * Goes on with a saved guest in a QEMU that was started with `incomingWords`. The state is used up before the guest's
 * first instruction: whatever ends this process or the host then, nothing resumes onto a disk that has moved on.
 *
 * @param options.remove what removes the used state; it need not be gone when this returns
 * @throws AnyarchError ANYARCH_STATE_UNUSABLE, ANYARCH_CANCELLED, ANYARCH_MACHINE_FAILED where QEMU refuses to let the guest
 *   run: the state is still there, and QEMU has to be ended. It is used up where QEMU does not answer
 */
export async function resumeState(
  { files }: Pick<Host, 'files'>,
  monitor: Monitor,
  places: Places,
  options: MigrateOptions & { readonly remove?: ((path: string) => void) | undefined },
): Promise<void> {
  const place = statePlaces(places);
  await loadMemory(monitor, place.memory, options);
  files.remove(place.used);
  files.rename(place.directory, place.used);
  try {
    await monitor.execute('cont');
  } catch (error) {
    // Said by QEMU itself: the guest has not had an instruction.
    if (isRefusal(error)) files.rename(place.used, place.directory);
    throw error;
  }
  if (options.remove === undefined) files.remove(place.used);
  else options.remove(place.used);
}

/** Whatever has been saved is given up; the next start is a cold one. */
export function dropState(host: Pick<Host, 'files'>, places: Places): void {
  host.files.remove(statePlaces(places).directory);
  clearLeftovers(host, places);
}

/** Of a command that was killed. */
function clearLeftovers({ files }: Pick<Host, 'files'>, places: Places): void {
  const place = statePlaces(places);
  files.remove(place.unfinished);
  files.remove(place.used);
}
