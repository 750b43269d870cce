import { parentOf } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';

/** What the layer at hand has made, because its whiteouts hide what lower layers have and nothing of its own. */
export interface UpperPaths {
  add(path: TreePath): void;
  /** It, or something in it, is of this layer. */
  holds(path: TreePath): boolean;
  /** Whether nothing of a lower layer is left in the directory, as far as whiteouts have seen to it. */
  isCleared(directory: TreePath): boolean;
  clear(directory: TreePath): void;
}

/** The lowest layer hides nothing and remembers nothing. */
export const lowestLayer: UpperPaths = {
  add: () => undefined,
  holds: () => true,
  isCleared: () => true,
  clear: () => undefined,
};

export function upperPaths(): UpperPaths {
  const holding = new Set<TreePath>();
  const cleared = new Set<TreePath>();
  return {
    add: (path) => {
      for (let one = path; one !== '' && !holding.has(one); one = parentOf(one)) holding.add(one);
    },
    holds: (path) => holding.has(path),
    isCleared: (directory) => cleared.has(directory),
    clear: (directory) => void cleared.add(directory),
  };
}
