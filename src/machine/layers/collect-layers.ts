import type { Host } from '../../host/host.ts';
import { withLayers } from './create-layer.ts';
import { neededLayers } from './needed-layers.ts';

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
    const needed = neededLayers(host);
    const unneeded = host.files
      .list(directory)
      .filter((name) => name.endsWith('.qcow2') && !needed.has(name))
      .map((name) => `${directory}/${name}`);
    if (!dryRun) for (const file of unneeded) host.files.remove(file);
    return unneeded;
  });
}
