import * as fs from 'node:fs';
import { posix } from 'node:path';
import { mergedUsr } from './unpack-tree.ts';

/** Chains of links in packages are short. */
const longestChain = 8;

/**
 * The file that a path means in a tree that was unpacked here, below it, links followed as in a root: an absolute one starts
 * at the tree. Undefined where nothing, or no file is.
 *
 * @returns its path below the tree
 */
export function fileInside(root: string, path: string): string | undefined {
  let current = mergedUsr(path);
  for (let step = 0; step < longestChain; step += 1) {
    const status = fs.lstatSync(`${root}/${current}`, { throwIfNoEntry: false });
    if (status?.isFile() === true) return current;
    if (status?.isSymbolicLink() !== true) return undefined;
    const target = posix.join('/', posix.dirname(current), '');
    const text = fs.readlinkSync(`${root}/${current}`);
    // posix.resolve never goes above the root.
    current = mergedUsr(posix.resolve(target, text).slice(1));
  }
  return undefined;
}
