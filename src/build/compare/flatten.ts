import type { Member, Members } from './member.ts';

const whiteoutPrefix = '.wh.';
const opaque = '.wh..wh..opq';

/**
 * The tree that layers make, the lowest first, by what the image-spec says of whiteouts (layer.md). A hard link becomes the
 * file that it names, as images that are the same may have another of the names first.
 */
export function flatten(layers: readonly Members[]): Members {
  const tree = new Map<string, Member>();
  for (const layer of layers) {
    for (const path of layer.keys()) {
      const [directory, name] = split(path);
      if (name === opaque) removeBelow(tree, directory);
      else if (name.startsWith(whiteoutPrefix)) {
        const hidden = join(directory, name.slice(whiteoutPrefix.length));
        tree.delete(hidden);
        removeBelow(tree, hidden);
      }
    }
    for (const [path, member] of layer) {
      if (split(path)[1].startsWith(whiteoutPrefix)) continue;
      if (member.kind !== 'directory') removeBelow(tree, path);
      const target =
        member.kind === 'hardlink' ? (tree.get(member.link) ?? layer.get(member.link)) : undefined;
      tree.set(path, target ?? member);
    }
  }
  return tree;
}

function removeBelow(tree: Map<string, Member>, directory: string): void {
  if (directory === '') {
    tree.clear();
    return;
  }
  for (const path of [...tree.keys()]) if (path.startsWith(`${directory}/`)) tree.delete(path);
}

function split(path: string): [directory: string, name: string] {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? ['', path] : [path.slice(0, slash), path.slice(slash + 1)];
}

function join(directory: string, name: string): string {
  return directory === '' ? name : `${directory}/${name}`;
}
