import { posix } from 'node:path';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { layerChain } from '../layers/index.ts';
import { machineStatus } from '../life/status.ts';
import { machinePlaces, machinesDirectory } from '../places.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * Layers whose files must stay as they are, by name, and why, for people: QEMU has them open, or is to look after them at the next
 * start, or a saved state counts only with them. Image locks keep those of a running QEMU, too, where the file system has locks.
 */
export function unchangeableLayers(host: Parts): ReadonlyMap<string, string> {
  const { files, system } = host;
  const layers = new Map<string, string>();
  const machines = machinesDirectory(system);
  for (const name of ignoring(['ENOENT', 'ENOTDIR'], () => files.list(machines)) ?? []) {
    const places = machinePlaces(system, name);
    const disk = ignoring(['ENOENT', 'EINVAL', 'ENOTDIR'], () => files.readLink(places.disk));
    if (disk === undefined) continue;
    const chain = layerChain(host, disk);
    const use = useOf(host, name);
    if (use !== undefined) for (const layer of chain) layers.set(layer, use);
    else if (isSaved(host, name))
      // A state may be of the layer below an empty one: see `isStampOf`.
      for (const layer of chain.slice(0, 2)) layers.set(layer, `${name} was saved`);
  }
  return layers;
}

/** Undefined of a machine that was stopped well. */
function useOf(host: Parts, name: string): string | undefined {
  try {
    const status = machineStatus(host, { places: machinePlaces(host.system, name) });
    if (status.kind === 'running') return `${name} runs`;
    return status.crashed ? `${name} was not stopped properly` : undefined;
  } catch (error) {
    if (error instanceof AnyarchError) return `it cannot be told whether ${name} runs`;
    throw error;
  }
}

/** Also where a command was killed that was at it. */
function isSaved({ files, system }: Parts, name: string): boolean {
  const { directory, state } = machinePlaces(system, name);
  const base = posix.basename(state);
  return files.list(directory).some((one) => one === base || one.startsWith(`${base}.`));
}
