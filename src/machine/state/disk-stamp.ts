import type { Files } from '../../host/files.ts';
import { backingFile } from '../layers/backing-file.ts';
import { isUnwritten } from '../layers/is-unwritten.ts';
import { layerBytes } from '../layers/layer-bytes.ts';
import { activeDisk } from '../layers/places.ts';
import type { MachinePlaces } from '../places.ts';
import type { DiskStamp } from './document.ts';

type Places = Pick<MachinePlaces, 'disk'>;

/**
 * Of a machine's disk as it is now. Size and time do: QEMU writes through the kernel, which notes the time of each write,
 * and a file of some gigabytes is not read twice at every start.
 */
export function diskStamp(files: Pick<Files, 'resolve' | 'status'>, places: Places): DiskStamp {
  return stampOf(files, activeDisk(files, places));
}

/**
 * Whether a machine's disk has what it had when it was stamped: it is that file, or nothing has been written yet to the layer that
 * lies over it. A command that was killed while it kept a snapshot leaves the latter.
 */
export function isStampOf(
  files: Pick<Files, 'resolve' | 'status' | 'readAt'>,
  places: Places,
  stamp: DiskStamp,
): boolean {
  const disk = activeDisk(files, places);
  if (sameDisk(stamp, stampOf(files, disk))) return true;
  const below = isUnwritten(files, disk) ? backingFile(files, disk) : undefined;
  return (
    below !== undefined &&
    sameDisk(stamp, stampOf(files, below)) &&
    layerBytes(files, below) === layerBytes(files, disk)
  );
}

function stampOf(files: Pick<Files, 'status'>, file: string): DiskStamp {
  const { size = 0, modifiedMs = 0 } = files.status(file) ?? {};
  return { file, size, modifiedMs };
}

/** A layer's name is never used again, so that a directory that was moved does not matter. */
function sameDisk(one: DiskStamp, other: DiskStamp): boolean {
  return nameOf(one) === nameOf(other) && one.size === other.size && one.modifiedMs === other.modifiedMs;
}

function nameOf({ file }: DiskStamp): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
