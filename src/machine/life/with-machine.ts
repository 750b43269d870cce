import type { Host } from '../../host/host.ts';
import { machinePlaces } from '../places.ts';
import { clearKilled } from './clear-killed.ts';
import { withMachineLock, type MachineLockOptions } from './lock.ts';
import { checkMachineName, readMachine, type Machine } from './machine.ts';

/**
 * Only one command at a time changes a machine. While it waited for others, the machine may have been changed, removed or
 * made anew: it is read with the lock. What killed commands left is cleared away.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_MACHINE_NOT_FOUND, ANYARCH_STATE_INVALID, ANYARCH_LOCKED, ANYARCH_CANCELLED
 */
export async function withMachine<T>(
  host: Pick<Host, 'clock' | 'files' | 'log' | 'system'>,
  name: string,
  action: (machine: Machine) => Promise<T>,
  options: MachineLockOptions = {},
): Promise<T> {
  checkMachineName(name);
  const places = machinePlaces(host.system, name);
  const work = async (): Promise<T> => {
    const machine = readMachine(host, name);
    clearKilled(host, machine);
    return await action(machine);
  };
  return await withMachineLock(host, { places }, work, options);
}
