import { setTimeout } from 'node:timers/promises';
import { isRecord } from '../../core/json.ts';
import type { Host } from '../../host/host.ts';
import type { MachinePlaces } from '../places.ts';
import type { Monitor } from './monitor.ts';
import { statePlaces } from './places.ts';

/** Milliseconds between two looks at a migration that was cancelled. */
const pauseMs = 20;

/** QEMU's MigrationStatus where nothing is under way. */
const atRest = ['none', 'completed', 'failed', 'cancelled'];

/**
 * Undoes what a killed command left of a QEMU that runs: a guest that stands still to be saved, and a migration into a file that nobody
 * waits for, at whose end QEMU would stop the guest. To be called with the lock of the machine.
 *
 * A state that was saved whole is given up where its guest is to run: its disk moves on then.
 *
 * @returns false where the guest waits for its saved state and has not had an instruction: that QEMU is to be ended, and what was
 *   saved is as good as before
 * @throws AnyarchError ANYARCH_MACHINE_FAILED
 */
export async function settle(
  { files }: Pick<Host, 'files'>,
  places: Pick<MachinePlaces, 'state'>,
  monitor: Monitor,
): Promise<boolean> {
  const place = statePlaces(places);
  const isSaved = files.linkStatus(place.directory) !== undefined;
  const before = await statusOf(monitor);
  // The state is put away before the guest's first instruction: `resumeState`.
  if (before === 'inmigrate' || (isSaved && before === 'paused')) return false;
  await endMigration(monitor);
  const status = await statusOf(monitor);
  if (status !== 'paused' && status !== 'postmigrate') return true;
  if (isSaved) {
    files.remove(place.used);
    files.rename(place.directory, place.used);
  }
  await monitor.execute('cont');
  if (isSaved) files.remove(place.used);
  return true;
}

async function endMigration(monitor: Monitor): Promise<void> {
  const look = async (): Promise<string> => nameIn(await monitor.execute('query-migrate'), 'none');
  for (let isCancelled = false; !atRest.includes(await look()); isCancelled = true) {
    if (!isCancelled) await monitor.execute('migrate_cancel');
    await setTimeout(pauseMs);
  }
}

/** QEMU's RunState. */
async function statusOf(monitor: Monitor): Promise<string> {
  return nameIn(await monitor.execute('query-status'), '');
}

/** A migration that has never begun has no status. */
function nameIn(reply: unknown, absent: string): string {
  const status = isRecord(reply) ? reply['status'] : undefined;
  return typeof status === 'string' ? status : absent;
}
