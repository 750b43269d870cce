import * as fs from 'node:fs';
import type { FileStatus, Files } from '../files.ts';
import { ignoring } from '../system-error.ts';
import { directoryNames } from './directory-names.ts';
import { createExclusive, createFleeting, writeAtomic, writeLink, writeOnce } from './file-writing.ts';
import { fileSystemType } from './file-system-type.ts';
import { makeDirectories } from './make-directories.ts';
import { sha256 } from './sha256.ts';
import { systemCall } from './system-call.ts';

export const nodeFiles: Files = {
  read: (path) => systemCall('read', path, () => fs.readFileSync(path)),
  readAt,
  writeOnce,
  writeAtomic,
  createExclusive,
  createFleeting,
  list,
  status: (path) => statusOf(path, () => fs.statSync(path)),
  linkStatus: (path) => statusOf(path, () => fs.lstatSync(path)),
  readLink: (path) => systemCall('readlink', path, () => fs.readlinkSync(path)),
  resolve: (path) => systemCall('realpath', path, () => fs.realpathSync.native(path)),
  isExecutable: (path) =>
    ignoring(['EACCES', 'ENOENT', 'ENOTDIR'], () =>
      systemCall('access', path, () => {
        fs.accessSync(path, fs.constants.X_OK);
        return fs.statSync(path).isFile();
      }),
    ) ?? false,
  makeDirectory: makeDirectories,
  rename: (from, to) => {
    systemCall('rename', to, () => {
      fs.renameSync(from, to);
    });
  },
  remove: (path) => {
    ignoring(['ENOTDIR'], () => {
      systemCall('unlink', path, () => {
        fs.rmSync(path, { recursive: true, force: true });
      });
    });
  },
  removeDirectory: (path) => {
    systemCall('rmdir', path, () => {
      fs.rmdirSync(path);
    });
  },
  writeLink,
  sha256,
  fileSystemType,
};

function readAt(path: string, offset: number, length: number): Uint8Array {
  return systemCall('read', path, () => {
    const descriptor = fs.openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(length);
      let filled = 0;
      while (filled < length) {
        const count = fs.readSync(descriptor, bytes, filled, length - filled, offset + filled);
        if (count === 0) break;
        filled += count;
      }
      return bytes.subarray(0, filled);
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

function list(path: string): string[] {
  return systemCall('readdir', path, () => directoryNames(path));
}

function statusOf(path: string, stat: () => fs.Stats): FileStatus | undefined {
  const stats = ignoring(['ENOENT', 'ENOTDIR'], () => systemCall('stat', path, stat));
  if (stats === undefined) return undefined;
  return {
    kind: kindOf(stats),
    size: stats.size,
    // stat(2): st_blocks counts 512 bytes each, whatever blocks the file system has.
    allocatedBytes: stats.blocks * 512,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    inode: stats.ino,
    modifiedMs: stats.mtimeMs,
    changedMs: stats.ctimeMs,
  };
}

function kindOf(stats: fs.Stats): FileStatus['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
