import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { tidyLayers } from '../layers/index.ts';
import { machinePlaces, machinesDirectory } from '../places.ts';
import { removeUnfinished } from './clear-killed.ts';
import { withMachineLock } from './lock.ts';
import { checkMachineName, readMachine } from './machine.ts';
import { isReadable, machineStatus } from './status.ts';
import { stopDamaged } from './stop-damaged.ts';
import { stopLocked } from './stop.ts';

export interface RemoveOptions {
  /** Also when it runs, or its record is damaged. */
  readonly force?: boolean;
  readonly dryRun?: boolean;
  readonly signal: AbortSignal;
}

/**
 * Removes a machine with its disk, its snapshots and all else. Its base image stays.
 *
 * @throws AnyarchError ANYARCH_MACHINE_NOT_FOUND, ANYARCH_MACHINE_RUNNING, ANYARCH_STATE_INVALID, ANYARCH_LOCKED
 */
export async function removeMachine(
  host: Host,
  name: string,
  { force = false, dryRun = false, signal }: RemoveOptions,
): Promise<void> {
  checkMachineName(name);
  const places = machinePlaces(host.system, name);
  await withMachineLock(
    host,
    { places },
    async () => {
      const { files } = host;
      const isDamaged =
        force && files.linkStatus(places.directory)?.kind === 'directory' && !isReadable(host, name);
      if (isDamaged) {
        if (!dryRun) await stopDamaged(host, places);
      } else {
        const machine = readMachine(host, name);
        if (!force && machineStatus(host, machine).kind === 'running') throw isRunning(name);
        if (!dryRun) await stopLocked(host, machine, { force, signal });
      }
      if (dryRun) return;
      // At once for everybody else: what is killed from here on leaves nothing that looks like a machine.
      const gone = `${machinesDirectory(host.system)}/.gone-${name}-${host.clock.now().toString(36)}`;
      files.rename(places.directory, gone);
      files.remove(gone);
      removeUnfinished(host);
      tidyLayers(host);
    },
    { signal },
  );
}

function isRunning(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_RUNNING', `${name} runs`, {
    hint: `anyarch machine stop ${name}, or anyarch machine remove ${name} --force, which pulls the plug`,
    details: { name },
  });
}
