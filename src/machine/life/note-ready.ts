import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { RunningMachine } from '../record.ts';
import { withMachineLock } from './lock.ts';
import type { Machine } from './machine.ts';
import { readRunning, writeRunning } from './running.ts';

/**
 * Notes that a machine is ready, unless it ended, and perhaps started anew, in the meantime. Under the lock: what stops it
 * takes the note away, and it must not come back. Where another command is at work, the next one that waits notes it.
 */
export async function noteReady(
  host: Host,
  machine: Machine,
  running: RunningMachine,
  signal: AbortSignal,
): Promise<void> {
  const { pid, startTicks, startedMs } = running;
  const note = (): Promise<void> => {
    const now = readRunning(host, machine.places);
    // Without a process where the command that started it was killed before it knew it.
    const isSame = now?.startedMs === startedMs && (now.pid === pid || now.pid === 0);
    if (isSame)
      writeRunning(host, machine.places, {
        ...now,
        pid,
        startTicks,
        readyMs: now.readyMs ?? host.clock.now(),
      });
    return Promise.resolve();
  };
  try {
    await withMachineLock(host, machine, note, { waitMs: 2_000, signal });
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_LOCKED') throw error;
  }
}
