import type { Member } from './tar-maker.ts';

/** What a layer may hold; paths without links in them. */
export type Operation =
  | { readonly kind: 'file'; readonly path: string; readonly content: string }
  | { readonly kind: 'directory'; readonly path: string; readonly mode: number }
  | { readonly kind: 'whiteout' | 'opaque'; readonly path: string }
  | { readonly kind: 'link' | 'hardlink'; readonly path: string; readonly target: string };

interface Node {
  readonly kind: 'file' | 'directory' | 'link';
  readonly content: string;
  /** The layer that made it. */
  layer: number;
  /** Of a directory; files have none here. */
  mode: number;
}

/** A file system as a table of paths: what unpacking layers must come to, said in another way than the code says it. */
export function modelOf(stack: readonly (readonly Operation[])[]): {
  /** The operations that make sense, as members of each layer. */
  readonly members: Member[][];
  readonly tree: Record<string, string>;
} {
  const nodes = new Map<string, Node>();
  const members = stack.map((operations, layer) =>
    operations.filter((operation) => apply(nodes, operation, layer)).map(memberOf),
  );
  const shown = [...nodes].map(([path, { kind, content, mode }]) => [
    path,
    kind === 'directory' ? shownDirectory(mode) : `${kind} ${content}`,
  ]);
  return { members, tree: Object.fromEntries(shown) as Record<string, string> };
}

/** With its mode where that is not the one of a directory that no layer mentions. */
export function shownDirectory(mode: number): string {
  return mode === unmentioned ? 'directory' : `directory ${mode.toString(8)}`;
}

const unmentioned = 0o755;

/** @returns false for what no honest layer has */
function apply(nodes: Map<string, Node>, operation: Operation, layer: number): boolean {
  const { kind, path } = operation;
  const above = ancestorsOf(path);
  if (kind === 'whiteout' || kind === 'opaque') {
    if (above.some((one) => nodes.get(one)?.kind === 'link')) return false;
    if (kind === 'opaque' && nodes.get(path)?.kind === 'link') return false;
    if (above.every((one) => nodes.get(one)?.kind === 'directory'))
      hide(nodes, path, layer, kind === 'opaque');
    return true;
  }
  const blocked = above.some((one) => {
    const node = nodes.get(one);
    return node?.kind === 'link' || (node?.kind === 'file' && node.layer === layer);
  });
  if (blocked) return false;
  if (kind === 'hardlink') {
    const { target } = operation;
    if (nodes.get(target)?.kind !== 'file' || target === path) return false;
    if (below(target, path) || below(path, target)) return false;
  }
  for (const one of above) {
    if (nodes.get(one)?.kind === 'directory') continue;
    removeAt(nodes, one);
    nodes.set(one, { kind: 'directory', content: '', layer, mode: unmentioned });
  }
  const before = nodes.get(path);
  if (kind === 'directory' && before?.kind === 'directory') {
    before.layer = layer;
    before.mode = operation.mode;
    return true;
  }
  removeAt(nodes, path);
  const content =
    kind === 'file'
      ? operation.content
      : kind === 'link'
        ? operation.target
        : kind === 'hardlink'
          ? (nodes.get(operation.target)?.content ?? '')
          : '';
  const mode = kind === 'directory' ? operation.mode : 0;
  nodes.set(path, { kind: kind === 'hardlink' ? 'file' : kind, content, layer, mode });
  return true;
}

function hide(nodes: Map<string, Node>, path: string, layer: number, isContent: boolean): void {
  const inside = [...nodes.keys()].filter((one) => below(one, path) || (!isContent && one === path));
  for (const one of inside) {
    const isOwn = [...nodes].some(
      ([other, node]) => node.layer === layer && (other === one || below(other, one)),
    );
    if (!isOwn) removeAt(nodes, one);
  }
}

function removeAt(nodes: Map<string, Node>, path: string): void {
  for (const one of [...nodes.keys()]) if (one === path || below(one, path)) nodes.delete(one);
}

function below(path: string, directory: string): boolean {
  return path.startsWith(`${directory}/`);
}

function ancestorsOf(path: string): string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function memberOf(operation: Operation): Member {
  const { kind, path } = operation;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const directory = path.slice(0, path.length - name.length);
  switch (kind) {
    case 'file':
      return { path, content: operation.content };
    case 'directory':
      return { path: `${path}/`, mode: operation.mode };
    case 'link':
      return { path, type: '2', link: operation.target };
    case 'hardlink':
      return { path, type: '1', link: operation.target };
    case 'whiteout':
      return { path: `${directory}.wh.${name}` };
    case 'opaque':
      return { path: `${path}/.wh..wh..opq` };
  }
}
