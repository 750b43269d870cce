/**
 * Paths in a tree are relative to it and are bytes: each character stands for one (Latin-1). '' is the tree itself. The
 * process is in the tree, so that PATH_MAX counts from there.
 */
export type TreePath = string;

/** What Node's functions take. */
export function forNode(path: TreePath): string | Buffer {
  if (path === '') return '.';
  for (let index = 0; index < path.length; index += 1)
    if (path.charCodeAt(index) > 127) return Buffer.from(path, 'latin1');
  return path;
}

export function joined(directory: TreePath, name: string): TreePath {
  return directory === '' ? name : `${directory}/${name}`;
}

export function parentOf(path: TreePath): TreePath {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

/** For a message. */
export function shown(path: TreePath): string {
  return JSON.stringify(Buffer.from(path, 'latin1').toString('utf8').slice(0, 200));
}
