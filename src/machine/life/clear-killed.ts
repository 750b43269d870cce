import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { tidyLayers } from '../layers/index.ts';
import { machinesDirectory } from '../places.ts';
import { clearUnfinished } from '../snapshot/clear-unfinished.ts';
import type { Machine } from './machine.ts';

/** Milliseconds after which nobody makes a machine any more. */
const makingMs = 24 * 3600_000;

/** What killed commands left of this machine, whose lock is held, and of machines that are gone: keys and disks. */
export function clearKilled(
  host: Pick<Host, 'clock' | 'files' | 'log' | 'system'>,
  { places }: Pick<Machine, 'places'>,
): void {
  const found = [clearUnfinished(host.files, places), removeUnfinished(host)];
  if (found.includes(true)) tidyLayers(host);
}

/**
 * Machines that were being made, once they are so old that no command can be at it, and removed ones at once: should their
 * command still be at it, two of them do the same.
 *
 * @returns whether there were any
 */
export function removeUnfinished({
  files,
  system,
  clock,
}: Pick<Host, 'files' | 'system' | 'clock'>): boolean {
  const directory = machinesDirectory(system);
  const isOld = (path: string): boolean =>
    clock.now() - (files.linkStatus(path)?.modifiedMs ?? Infinity) > makingMs;
  const unfinished = files
    .list(directory)
    .filter(
      (name) => name.startsWith('.gone-') || (name.startsWith('.new-') && isOld(`${directory}/${name}`)),
    );
  for (const name of unfinished)
    ignoring(['EACCES', 'EBUSY', 'ENOTEMPTY', 'EPERM'], () => {
      files.remove(`${directory}/${name}`);
    });
  return unfinished.length > 0;
}
