import type { Stats } from 'node:fs';
import { joined } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';
import { look, namesIn } from './tree-files.ts';
import type { UpperPaths } from './upper-paths.ts';

/**
 * Takes away what lower layers have at the path and below it, and leaves what the layer at hand has made there, whichever
 * came first in it.
 *
 * @param isContent only what is in the directory
 */
export function hideLower(
  path: TreePath,
  upper: UpperPaths,
  remove: (path: TreePath, status: Stats) => void,
  isContent: boolean,
): void {
  const status = look(path);
  if (status === undefined) return;
  if (!isContent && !upper.holds(path)) {
    remove(path, status);
    return;
  }
  // Once is enough: what comes later is of this layer.
  if (!status.isDirectory() || upper.isCleared(path)) return;
  for (const name of namesIn(path)) hideLower(joined(path, name), upper, remove, false);
  upper.clear(path);
}
