import { posix } from 'node:path';
import { ignoring } from '../../host/system-error.ts';
import type { Host } from '../../host/host.ts';
import { machinePlaces, machinesDirectory } from '../places.ts';
import { backingFile } from './backing-file.ts';
import { withLayers } from './create-layer.ts';
import { snapshotLayer } from '../snapshot/document.ts';

type CollectHost = Pick<Host, 'files' | 'clock' | 'system'>;

/**
 * Removes layers that no machine's disk and no snapshot needs, directly or through what lies over them.
 *
 * @param options.dryRun only tell
 * @returns the removed files
 * @throws AnyarchError ANYARCH_LOCKED; ANYARCH_STATE_INVALID when a snapshot does not tell what it needs: then nothing
 *   is removed
 */
export function collectLayers(
  host: CollectHost,
  { dryRun = false }: { readonly dryRun?: boolean } = {},
): string[] {
  return withLayers(host, (directory) => {
    const needed = neededNames(host);
    const unneeded = host.files
      .list(directory)
      .filter((name) => name.endsWith('.qcow2') && !needed.has(name))
      .map((name) => `${directory}/${name}`);
    if (!dryRun) for (const file of unneeded) host.files.remove(file);
    return unneeded;
  });
}

/** By name only: a directory may be called in several ways, while no two layers have one name. */
function neededNames(host: CollectHost): ReadonlySet<string> {
  const { files } = host;
  const needed = new Set<string>();
  for (const start of startingPoints(host)) {
    for (let file: string | undefined = start; file !== undefined;) {
      const of: string = file;
      const name = posix.basename(of);
      if (needed.has(name)) break;
      needed.add(name);
      file = ignoring(['ENOENT', 'ENOTDIR'], () => backingFile(files, of));
    }
  }
  return needed;
}

function startingPoints({ files, system }: CollectHost): string[] {
  const names = ignoring(['ENOENT'], () => files.list(machinesDirectory(system))) ?? [];
  return names.flatMap((name) => {
    const places = machinePlaces(system, name);
    const disk = ignoring(['ENOENT', 'EINVAL', 'ENOTDIR'], () => files.readLink(places.disk));
    const kept = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(places.snapshots)) ?? [];
    const frozen = kept.map((snapshot) => snapshotLayer(files, `${places.snapshots}/${snapshot}`));
    return [disk, ...frozen].filter((file) => file !== undefined);
  });
}
