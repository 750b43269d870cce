import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { Machine } from './machine.ts';
import { startMachine, type StartedMachine, type StartOptions } from './start.ts';
import { machineStatus } from './status.ts';

export interface WaitOptions extends Pick<StartOptions, 'signal' | 'onBoot'> {
  readonly goal: 'ssh' | 'cloud-init' | 'stopped';
  /** Milliseconds; default: as long as the machine advances. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Waits for a machine that runs; starts nothing.
 *
 * @returns undefined once it is stopped, where that was waited for
 * @throws AnyarchError ANYARCH_MACHINE_STOPPED, ANYARCH_MACHINE_FAILED also when the time is over, ANYARCH_CANCELLED
 */
export async function waitForMachine(
  host: Host,
  machine: Machine,
  { goal, timeoutMs, signal, onBoot }: WaitOptions,
): Promise<StartedMachine | undefined> {
  const over = timeoutMs === undefined ? undefined : AbortSignal.timeout(timeoutMs);
  const both = over === undefined ? signal : AbortSignal.any([signal, over]);
  const { name } = machine.record;
  try {
    if (goal === 'stopped') {
      while (machineStatus(host, machine).kind === 'running') {
        throwIfCancelled(both);
        await sleep(200, undefined, { signal: both }).catch(() => undefined);
      }
      return undefined;
    }
    return await startMachine(host, machine, { wait: goal, joinOnly: true, signal: both, onBoot });
  } catch (error) {
    if (over?.aborted !== true || signal.aborted) throw error;
    throw new AnyarchError(
      'ANYARCH_MACHINE_FAILED',
      `${name} ${goal === 'stopped' ? 'still ran' : 'was not ready'} after ${Math.round((timeoutMs ?? 0) / 1000)} s`,
      { hint: `see what it does: anyarch machine logs ${name}`, details: { name, goal }, cause: error },
    );
  }
}
