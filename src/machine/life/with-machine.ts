import type { Host } from '../../host/host.ts';
import { machinePlaces } from '../places.ts';
import { withMachineLock, type MachineLockOptions } from './lock.ts';
import { checkMachineName, readMachine, type Machine } from './machine.ts';

/**
 * Only one command at a time changes a machine. While it waited for others, the machine may have been changed, removed or
 * made anew: it is read with the lock.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_MACHINE_NOT_FOUND, ANYARCH_STATE_INVALID, ANYARCH_LOCKED, ANYARCH_CANCELLED
 */
export async function withMachine<T>(
  host: Pick<Host, 'clock' | 'files' | 'system'>,
  name: string,
  action: (machine: Machine) => Promise<T>,
  options: MachineLockOptions = {},
): Promise<T> {
  checkMachineName(name);
  const places = machinePlaces(host.system, name);
  return await withMachineLock(host, { places }, async () => await action(readMachine(host, name)), options);
}
