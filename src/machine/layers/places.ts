import type { Files } from '../../host/files.ts';
import type { System } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { MachinePlaces } from '../places.ts';

type Who = Pick<System, 'uid' | 'isForeignRoot' | 'environment' | 'home'>;

/**
 * Where overlays are. They belong to no machine alone: what one has frozen, others go on from, and it must outlive the
 * machine that wrote it. Each file has a name that is never used again, because QEMU opens files once more by their names.
 */
export function layersDirectory(system: Who): string {
  return `${stateDirectory(system)}/machine-layers`;
}

/** The file that a machine's disk is now: `places.disk` is a symbolic link to it. What QEMU is to be given. */
export function activeDisk(files: Pick<Files, 'resolve'>, places: Pick<MachinePlaces, 'disk'>): string {
  return files.resolve(places.disk);
}
