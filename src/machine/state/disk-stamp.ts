import type { Files } from '../../host/files.ts';
import { activeDisk } from '../layers/places.ts';
import type { MachinePlaces } from '../places.ts';
import type { DiskStamp } from './document.ts';

/**
 * Of a machine's disk as it is now. Size and time do: QEMU writes through the kernel, which notes the time of each write,
 * and a file of some gigabytes is not read twice at every start.
 */
export function diskStamp(
  files: Pick<Files, 'resolve' | 'status'>,
  places: Pick<MachinePlaces, 'disk'>,
): DiskStamp {
  const file = activeDisk(files, places);
  const { size = 0, modifiedMs = 0 } = files.status(file) ?? {};
  return { file, size, modifiedMs };
}

/** A layer's name is never used again, so that a directory that was moved does not matter. */
export function sameDisk(one: DiskStamp, other: DiskStamp): boolean {
  return nameOf(one) === nameOf(other) && one.size === other.size && one.modifiedMs === other.modifiedMs;
}

function nameOf({ file }: DiskStamp): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
