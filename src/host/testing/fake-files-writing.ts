import type { Files } from '../files.ts';
import { SystemError } from '../system-error.ts';
import type { FakeState } from './fake-state.ts';
import { contentSize } from './fake-node.ts';
import type { FakeDirectory, FakeNode } from './fake-node.ts';
import { access, allows } from './fake-tree.ts';
import type { Place } from './fake-tree.ts';

type Writing = Pick<
  Files,
  | 'writeOnce'
  | 'writeAtomic'
  | 'createExclusive'
  | 'createFleeting'
  | 'makeDirectory'
  | 'rename'
  | 'remove'
  | 'removeDirectory'
  | 'writeLink'
>;

export function writingMethods(state: FakeState): Writing {
  const { find, create, credentials } = state;

  const changeable = (call: string, path: string, place: Place): void => {
    if (place.mount.readOnly === true) throw new SystemError('EROFS', call, path);
    if (!allows(place.parent, access.write, credentials)) throw new SystemError('EACCES', call, path);
  };
  const reserve = (path: string, { mount }: Place, bytes: number): void => {
    if (mount.capacity !== undefined && contentSize(mount.root) + bytes > mount.capacity) {
      throw new SystemError('ENOSPC', 'write', path);
    }
  };
  const store = (path: string, place: Place, data: Uint8Array, mode: number): void => {
    reserve(path, place, data.length);
    place.parent.children.set(place.name, {
      ...create('file', mode),
      data: Uint8Array.from(data),
      executing: 0,
    });
  };

  const createNew = (path: string, data: Uint8Array, mode: number): void => {
    const place = find('open', path, false);
    changeable('open', path, place);
    if (place.node !== undefined) throw new SystemError('EEXIST', 'open', path);
    store(path, place, data, mode);
  };

  return {
    writeOnce: (path, data) => {
      const place = find('write', path);
      const { node, mount } = place;
      if (node === undefined) throw new SystemError('ENOENT', 'write', path);
      if (node.kind !== 'file') throw new SystemError('EISDIR', 'write', path);
      if (!allows(node, access.write, credentials)) throw new SystemError('EACCES', 'write', path);
      if (mount.readOnly === true) throw new SystemError('EROFS', 'write', path);
      if (node.onWrite !== undefined) {
        node.onWrite(data);
        return;
      }
      if (node.executing > 0) throw new SystemError('ETXTBSY', 'write', path);
      reserve(path, place, Math.max(0, data.length - node.data.length));
      node.data = Uint8Array.from([...data, ...node.data.subarray(data.length)]);
      node.modifiedMs = state.now();
    },
    writeAtomic: (path, data, mode = 0o644) => {
      const place = find('write', path, false);
      changeable('write', path, place);
      if (place.node?.kind === 'directory') throw new SystemError('EISDIR', 'write', path);
      store(path, place, data, mode);
    },
    createExclusive: (path, data) => {
      createNew(path, data, 0o644);
    },
    createFleeting: (path, data, mode = 0o644) => {
      createNew(path, data, mode);
    },
    makeDirectory: (path, mode = 0o755) => {
      const names = path.split('/').filter((name) => name !== '');
      names.forEach((_, index) => {
        const part = `/${names.slice(0, index + 1).join('/')}`;
        const place = find('mkdir', part);
        if (place.node?.kind === 'directory') return;
        if (place.node !== undefined)
          throw new SystemError(index === names.length - 1 ? 'EEXIST' : 'ENOTDIR', 'mkdir', path);
        changeable('mkdir', path, place);
        place.parent.children.set(place.name, {
          ...create('directory', mode),
          children: new Map<string, FakeNode>(),
        });
      });
    },
    rename: (from, to) => {
      const source = find('rename', from, false);
      const target = find('rename', to, false);
      if (source.node === undefined) throw new SystemError('ENOENT', 'rename', from);
      changeable('rename', from, source);
      changeable('rename', to, target);
      if (source.mount !== target.mount) throw new SystemError('EXDEV', 'rename', to);
      if (source.node === target.node) return;
      checkReplacement(source, source.node, target, to);
      source.parent.children.delete(source.name);
      target.parent.children.set(target.name, source.node);
    },
    remove: (path) => {
      const place = findToRemove(() => find('unlink', path, false));
      if (place?.node === undefined) return;
      changeable('unlink', path, place);
      removeNode(place.parent, place.name, place.node, path, state);
    },
    removeDirectory: (path) => {
      const place = find('rmdir', path, false);
      const { node } = place;
      if (node === undefined) throw new SystemError('ENOENT', 'rmdir', path);
      if (node.kind !== 'directory') throw new SystemError('ENOTDIR', 'rmdir', path);
      changeable('rmdir', path, place);
      if ([...node.children.keys()].length > 0) throw new SystemError('ENOTEMPTY', 'rmdir', path);
      removeNode(place.parent, place.name, node, path, state);
    },
    writeLink: (path, target) => {
      const place = find('symlink', path, false);
      changeable('symlink', path, place);
      if (place.node?.kind === 'directory') throw new SystemError('EISDIR', 'symlink', path);
      place.parent.children.set(place.name, { ...create('link', 0o777), target });
    },
  };
}

function checkReplacement(source: Place, node: FakeNode, target: Place, to: string): void {
  const fail = (errno: string) => new SystemError(errno, 'rename', to);
  if (node.kind === 'directory') {
    if (target.path.startsWith(`${source.path}/`)) throw fail('EINVAL');
    if (target.node === undefined) return;
    if (target.node.kind !== 'directory') throw fail('ENOTDIR');
    if ([...target.node.children.keys()].length > 0) throw fail('ENOTEMPTY');
  } else if (target.node?.kind === 'directory') {
    throw fail('EISDIR');
  }
}

function findToRemove(find: () => Place): Place | undefined {
  try {
    return find();
  } catch (error) {
    if (error instanceof SystemError && ['ENOENT', 'ENOTDIR'].includes(error.errno)) return undefined;
    throw error;
  }
}

function removeNode(
  parent: FakeDirectory,
  name: string,
  node: FakeNode,
  path: string,
  state: FakeState,
): void {
  const fail = (errno: string) => new SystemError(errno, 'unlink', path);
  const covered = parent.children.get(name);
  if (covered?.kind === 'directory' && covered.mount !== undefined) throw fail('EBUSY');
  if (node.kind === 'directory') {
    for (const childName of [...node.children.keys()]) {
      const child = node.children.get(childName);
      if (child === undefined) continue;
      if (!allows(node, access.write, state.credentials)) throw fail('EACCES');
      removeNode(node, childName, child, path, state);
    }
  }
  parent.children.delete(name);
}
