import type { MachinePlaces } from '../places.ts';
import { createLayer, type LayerHost, type LayerOptions } from './create-layer.ts';

/**
 * Gives a machine a disk of its own over another one, in the place of what it has. What it had is not removed here,
 * because snapshots may need it: `collectLayers` knows.
 *
 * @param places.disk its directory must exist
 * @throws AnyarchError what `createLayer` throws
 */
export function createDisk(
  host: LayerHost,
  places: Pick<MachinePlaces, 'disk'>,
  options: LayerOptions,
): string {
  return createLayer(host, options, (file) => {
    host.files.writeLink(places.disk, file);
  });
}
