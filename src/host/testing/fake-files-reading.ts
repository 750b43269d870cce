import { createHash } from 'node:crypto';
import type { FileStatus, Files } from '../files.ts';
import { SystemError, ignoring } from '../system-error.ts';
import type { FakeState } from './fake-state.ts';
import type { FakeNode } from './fake-node.ts';
import { access, allows, executable } from './fake-tree.ts';

type Reading = Pick<
  Files,
  | 'read'
  | 'readAt'
  | 'list'
  | 'status'
  | 'linkStatus'
  | 'readLink'
  | 'resolve'
  | 'isExecutable'
  | 'sha256'
  | 'fileSystemType'
>;

export function readingMethods({ find, credentials }: FakeState): Reading {
  const existing = (call: string, path: string, follow = true): FakeNode => {
    const { node } = find(call, path, follow);
    if (node === undefined) throw new SystemError('ENOENT', call, path);
    return node;
  };
  const readable = (call: string, path: string): FakeNode => {
    const node = existing(call, path);
    if (!allows(node, access.read, credentials)) throw new SystemError('EACCES', call, path);
    return node;
  };
  const content = (path: string): Uint8Array => {
    const node = readable('read', path);
    if (node.kind !== 'file') throw new SystemError('EISDIR', 'read', path);
    return Uint8Array.from(node.data);
  };
  const statusOf = (path: string, follow: boolean): FileStatus | undefined => {
    const node = ignoring(['ENOENT', 'ENOTDIR'], () => find('stat', path, follow).node);
    return node === undefined ? undefined : describe(node);
  };
  return {
    read: content,
    readAt: (path, offset, length) => content(path).slice(offset, offset + length),
    list: (path) => {
      const node = readable('readdir', path);
      if (node.kind !== 'directory') throw new SystemError('ENOTDIR', 'readdir', path);
      return [...node.children.keys()];
    },
    status: (path) => statusOf(path, true),
    linkStatus: (path) => statusOf(path, false),
    readLink: (path) => {
      const node = existing('readlink', path, false);
      if (node.kind !== 'link') throw new SystemError('EINVAL', 'readlink', path);
      return node.target;
    },
    resolve: (path) => {
      existing('realpath', path);
      return find('realpath', path).path;
    },
    isExecutable: (path) =>
      ignoring(['EACCES', 'ENOENT', 'ENOTDIR'], () => {
        executable(find('access', path), credentials, path);
        return true;
      }) ?? false,
    sha256: (path) => createHash('sha256').update(content(path)).digest('hex'),
    fileSystemType: (path) => {
      existing('statfs', path);
      return find('statfs', path).mount.type;
    },
  };
}

function describe(node: FakeNode): FileStatus {
  const { kind, mode, uid, gid, inode, modifiedMs } = node;
  return { kind, size: sizeOf(node), mode, uid, gid, inode, modifiedMs };
}

function sizeOf(node: FakeNode): number {
  switch (node.kind) {
    case 'file':
      // As in /proc: control files say nothing about their size.
      return node.onWrite === undefined ? node.data.length : 0;
    case 'link':
      return node.target.length;
    case 'directory':
      return 4096;
  }
}
