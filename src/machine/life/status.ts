import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { RunningMachine } from '../record.ts';
import { consoleTail } from './console-tail.ts';
import { readMachine, type Machine } from './machine.ts';
import { bootId, lookAtProcess, processesThatName } from './process.ts';
import { readRunning } from './running.ts';

export type MachineStatus =
  | { readonly kind: 'running'; readonly running: RunningMachine }
  | {
      readonly kind: 'stopped';
      /** QEMU ended and neither we nor the guest had ended it. */
      readonly crashed: boolean;
      /** The host has been started anew since. */
      readonly rebooted: boolean;
      /** What ran last, where nobody has cleared it away yet. */
      readonly last?: RunningMachine;
    };

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * Whether the machine runs, told by its process, not by what was written.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID
 */
export function machineStatus(host: Parts, { places }: Pick<Machine, 'places'>): MachineStatus {
  const last = readRunning(host, places);
  if (last === undefined) return { kind: 'stopped', crashed: false, rebooted: false };
  if (last.bootId !== bootId(host.files)) return { kind: 'stopped', crashed: true, rebooted: true, last };
  const process = last.pid === 0 ? undefined : lookAtProcess(host.files, last.pid);
  if (process?.startTicks === last.startTicks) return { kind: 'running', running: last };
  if (last.pid === 0) {
    const found = processesThatName(host, last.sockets).find(({ command }) =>
      sameWords(command, last.command),
    );
    // Not noted: that is for those who have the lock.
    if (found !== undefined)
      return { kind: 'running', running: { ...last, pid: found.pid, startTicks: found.startTicks } };
  }
  const crashed = !/reboot: (?:Power down|System halted)/.test(consoleTail(host, places, 2000));
  return { kind: 'stopped', crashed, rebooted: false, last };
}

/** Whether its record, and what is noted of its run, are whole. */
export function isReadable(host: Parts, name: string): boolean {
  try {
    machineStatus(host, readMachine(host, name));
    return true;
  } catch (error) {
    if (error instanceof AnyarchError) return false;
    throw error;
  }
}

/** Another loader may stand before them, or another name for the program itself. */
function sameWords(seen: readonly string[], asked: readonly string[]): boolean {
  return seen.slice(-5).join('\0') === asked.slice(-5).join('\0');
}
