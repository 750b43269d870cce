import { SystemError } from '../system-error.ts';
import type { FakeDirectory, FakeFile, FakeMount, FakeNode } from './fake-node.ts';

/** Where a path leads: the last component may be missing, everything before it exists. */
export interface Place {
  readonly node: FakeNode | undefined;
  /** The directory that holds it and its name there; the root has none. */
  readonly parent: FakeDirectory;
  readonly name: string;
  /** Absolute, without links. */
  readonly path: string;
  readonly mount: FakeMount;
}

export interface Credentials {
  uid: number;
  gid: number;
}

const maxLinks = 40;
const maxName = 255;
const maxPath = 4095;

/** Bits of access(2). */
export const access = { read: 4, write: 2, execute: 1 } as const;
type Access = (typeof access)[keyof typeof access];

/**
 * Walks like the kernel's path lookup.
 *
 * @throws SystemError ENOENT, ENOTDIR, EACCES, ELOOP, ENAMETOOLONG
 */
export function walk(
  rootMount: FakeMount,
  path: string,
  { call, follow, credentials }: { call: string; follow: boolean; credentials: Credentials },
): Place {
  const fail = (errno: string) => new SystemError(errno, call, path);
  if (path === '') throw fail('ENOENT');
  if (isLonger(path, maxPath)) throw fail('ENAMETOOLONG');
  const trail: Place[] = [];
  const root: Place = { node: rootMount.root, parent: rootMount.root, name: '', path: '/', mount: rootMount };
  const todo = path.split('/');
  let current = root;
  for (let links = 0; todo.length > 0;) {
    const name = todo.shift() ?? '';
    if (current.node === undefined) {
      // `missing/` and `missing/.` are missing too.
      throw fail('ENOENT');
    }
    if (name === '' && (todo.length > 0 || current.node.kind === 'directory')) continue;
    if (current.node.kind !== 'directory') throw fail('ENOTDIR');
    if (!allows(current.node, access.execute, credentials)) throw fail('EACCES');
    if (name === '.') continue;
    if (name === '..') {
      current = trail.pop() ?? root;
      continue;
    }
    if (isLonger(name, maxName)) throw fail('ENAMETOOLONG');
    const node = current.node.children.get(name);
    if (node?.kind === 'link' && (follow || todo.length > 0)) {
      links += 1;
      if (links > maxLinks) throw fail('ELOOP');
      todo.unshift(...node.target.split('/'));
      if (node.target.startsWith('/')) {
        current = root;
        trail.length = 0;
      }
      continue;
    }
    trail.push(current);
    current = step(current, current.node, name, node);
  }
  return current;
}

/** In bytes of UTF-8, of which a UTF-16 unit takes three at most: nearly all texts need not be encoded. */
function isLonger(text: string, bytes: number): boolean {
  return text.length * 3 > bytes && Buffer.byteLength(text) > bytes;
}

function step(from: Place, parent: FakeDirectory, name: string, node: FakeNode | undefined): Place {
  const mounted = node?.kind === 'directory' ? topMount(node) : undefined;
  return {
    node: mounted?.root ?? node,
    parent,
    name,
    path: from.path === '/' ? `/${name}` : `${from.path}/${name}`,
    mount: mounted ?? from.mount,
  };
}

/** The last of the file systems that are mounted there one over the other. */
function topMount(directory: FakeDirectory): FakeMount | undefined {
  const { mount } = directory;
  return mount === undefined ? undefined : (topMount(mount.root) ?? mount);
}

/** Root may read and write everything and execute what anybody may. */
export function allows(node: FakeNode, wanted: Access, { uid, gid }: Credentials): boolean {
  if (uid === 0) return wanted !== access.execute || node.kind === 'directory' || (node.mode & 0o111) !== 0;
  const shift = node.uid === uid ? 6 : node.gid === gid ? 3 : 0;
  return ((node.mode >> shift) & wanted) !== 0;
}

/** The file as open_exec() in the kernel opens it. */
export function executable(place: Place, credentials: Credentials, path: string): FakeFile {
  const fail = (errno: string) => new SystemError(errno, 'execve', path);
  if (place.node === undefined) throw fail('ENOENT');
  if (place.node.kind !== 'file') throw fail('EACCES');
  if (place.mount.noExecute === true || !allows(place.node, access.execute, credentials))
    throw fail('EACCES');
  return place.node;
}
