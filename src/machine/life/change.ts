import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { fileFailure } from '../../host/file-failure.ts';
import { readKeys } from '../access/keys.ts';
import { changedMounts } from '../mounts/changed-mounts.ts';
import { refuseForbiddenPorts } from '../network/allocate-network.ts';
import type { Forward, Hardware, MachineRecord, Mount } from '../record.ts';
import { past, readFirstStart } from '../seed/first-start.ts';
import { writeRecord, type Machine } from './machine.ts';
import { machineSeed } from './machine-seed.ts';
import { machineStatus } from './status.ts';
import { withMachine } from './with-machine.ts';

export interface MachineChange {
  readonly hardware: Partial<Pick<Hardware, 'cpus' | 'memoryMiB' | 'cpu'>>;
  /** Instead of all that it has. */
  readonly forwards?: readonly Forward[] | undefined;
  /** The same. */
  readonly mounts?: readonly Mount[] | undefined;
}

/**
 * Changes what a stopped machine is made of; its next start has it. The disk stays as it is.
 *
 * @param changeOf is asked with the machine's lock held
 * @throws AnyarchError ANYARCH_MACHINE_RUNNING, ANYARCH_STATE_UNUSABLE for hardware and mounts of a saved machine,
 *   ANYARCH_PERMISSION for a port that is root's, ANYARCH_MACHINE_NOT_FOUND, ANYARCH_STATE_INVALID, ANYARCH_LOCKED, and what `changeOf` throws
 */
export async function changeMachine(
  host: Host,
  name: string,
  changeOf: (record: MachineRecord) => MachineChange,
  signal: AbortSignal,
): Promise<MachineRecord> {
  return await withMachine(
    host,
    name,
    async (machine) => {
      const { record, places } = machine;
      const { hardware, forwards, mounts } = changeOf(record);
      if (machineStatus(host, machine).kind === 'running') throw runs(name);
      await refuseForbiddenPorts(host, { name, forwards: forwards ?? [] });
      const isSaved = host.files.linkStatus(places.state) !== undefined;
      if (isSaved && (mounts !== undefined || Object.keys(hardware).length > 0)) throw saved(name);
      const changed: MachineRecord = {
        ...record,
        hardware: { ...record.hardware, ...hardware },
        forwards: forwards ?? record.forwards,
        ...(mounts === undefined ? {} : changedMounts(record, mounts)),
      };
      // What is wrong with its parts is said before anything changes.
      const seed = mounts === undefined ? undefined : seedOf(host, { record: changed, places });
      writeRecord(host, { places, record: changed });
      if (seed !== undefined) host.files.writeAtomic(places.seed, seed, 0o600);
      return changed;
    },
    { signal },
  );
}

/**
 * A seed is read at the first start, and without cloud-init at each boot. One whose content nobody knows any more stays as it
 * is: cloud-init's fstab is put right when the guest has booted.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID, ANYARCH_FILE
 */
function seedOf(host: Host, { record, places }: Machine): Uint8Array | undefined {
  const first = readFirstStart(host.files, places.firstStart);
  if (first === undefined && record.base.cloudInit !== 'no') return undefined;
  try {
    return machineSeed(host, record, readKeys(host, places), first ?? past);
  } catch (error) {
    throw fileFailure(error, places.ssh);
  }
}

function runs(name: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_MACHINE_RUNNING',
    `${name} runs, and has its hardware, ports and directories until it stops`,
    {
      hint: `anyarch machine stop ${name}, then try again`,
      details: { name },
    },
  );
}

function saved(name: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_STATE_UNUSABLE',
    `${name} was saved, and goes on only with the hardware and the directories that it was saved with`,
    {
      hint: `let it go on and switch it off first: anyarch machine start ${name}, anyarch machine stop ${name}; only its ports can change now`,
      details: { name },
    },
  );
}
