import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import type { MachinePlaces } from '../places.ts';

/**
 * Removes snapshots that were being made or removed, and those that copies were being made of: with the machine's lock
 * they are of commands that were killed. Layers that only they needed stay until the next `collectLayers`.
 *
 * @returns whether there were any
 */
export function clearUnfinished(
  files: Pick<Files, 'list' | 'remove'>,
  { snapshots }: Pick<MachinePlaces, 'snapshots'>,
): boolean {
  const names = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(snapshots)) ?? [];
  const unfinished = names.filter((name) => name.startsWith('.'));
  for (const name of unfinished) files.remove(`${snapshots}/${name}`);
  return unfinished.length > 0;
}
