import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { activeDisk } from '../layers/places.ts';
import { lostMounts } from './lost-mounts.ts';
import { machineNames, readMachine, type Machine } from './machine.ts';
import { machineStatus, type MachineStatus } from './status.ts';

export interface ListedMachine {
  readonly name: string;
  /** `saved`: the next start goes on with it. `damaged`: `error` says what cannot be read. */
  readonly state: 'running' | 'starting' | 'stopped' | 'saved' | 'crashed' | 'damaged';
  readonly machine?: Machine;
  readonly status?: MachineStatus;
  readonly error?: AnyarchError;
  /** What is wrong with a running one. */
  readonly trouble?: AnyarchError;
  /** What its own disk takes on the host, in bytes; not what lies below. */
  readonly usedBytes?: number;
}

type Parts = Pick<Host, 'files' | 'system'>;

/** All machines of this user, whatever state they are in. */
export function listMachines(host: Parts): ListedMachine[] {
  return machineNames(host).map((name) => lookAtMachine(host, name));
}

/** Says also of a machine that cannot be read what is wrong with it. */
export function lookAtMachine(host: Parts, name: string): ListedMachine {
  try {
    const machine = readMachine(host, name);
    const status = machineStatus(host, machine);
    const disk = ignoring(['ENOENT', 'ENOTDIR'], () => activeDisk(host.files, machine.places));
    const found = disk === undefined ? undefined : host.files.status(disk);
    // What the guest has freed is a hole.
    const usedBytes = found?.allocatedBytes ?? found?.size;
    const trouble = status.kind === 'running' ? lostMounts(host, machine, status.running) : undefined;
    return {
      name,
      state: stateOf(host, machine, status),
      machine,
      status,
      ...(usedBytes === undefined ? {} : { usedBytes }),
      ...(trouble === undefined ? {} : { trouble }),
    };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return { name, state: 'damaged', error };
  }
}

function stateOf({ files }: Parts, { places }: Machine, status: MachineStatus): ListedMachine['state'] {
  if (status.kind === 'running') return status.running.readyMs === undefined ? 'starting' : 'running';
  if (status.crashed) return 'crashed';
  return files.linkStatus(places.state) === undefined ? 'stopped' : 'saved';
}
