import * as fs from 'node:fs';
import { forNode, joined } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';

/** Never follows a last link. Undefined where nothing is. */
export function look(path: TreePath): fs.Stats | undefined {
  return fs.lstatSync(forNode(path), { throwIfNoEntry: false });
}

/** In the order of their bytes. */
export function namesIn(directory: TreePath): string[] {
  const names = fs.readdirSync(forNode(directory), 'latin1');
  return names.sort();
}

export function linkTarget(path: TreePath): string {
  return fs.readlinkSync(forNode(path), 'latin1');
}

/** With all that is in it. Not Node's rm, which cannot name what is no UTF-8. */
export function removeTree(path: TreePath, status = look(path)): void {
  if (status === undefined) return;
  if (!status.isDirectory()) {
    fs.unlinkSync(forNode(path));
    return;
  }
  emptyDirectory(path, status);
  fs.rmdirSync(forNode(path));
}

export function emptyDirectory(path: TreePath, status = look(path)): void {
  // A user without the ids of the image may not even look into a directory of the own.
  if (status !== undefined && (status.mode & 0o700) !== 0o700 && process.getuid?.() === status.uid)
    fs.chmodSync(forNode(path), 0o700);
  for (const entry of fs.readdirSync(forNode(path), { withFileTypes: true, encoding: 'latin1' })) {
    const inside = joined(path, entry.name);
    if (entry.isDirectory()) removeTree(inside);
    else fs.unlinkSync(forNode(inside));
  }
}
