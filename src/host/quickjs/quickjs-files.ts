import type { FileStatus, Files } from '../files.ts';
import { SystemError, ignoring } from '../system-error.ts';
import { createExclusive, createFleeting, writeAtomic, writeOnce } from './file-writing.ts';
import { heldFiles } from './held-file.ts';
import { makeDirectories } from './make-directories.ts';
import { read, readAt } from './file-reading.ts';
import { removeTree } from './remove-tree.ts';
import { systemCall } from './system-call.ts';
import { withDescriptor } from './with-descriptor.ts';

export const quickjsFiles: Files = {
  read,
  readAt,
  writeOnce,
  writeAtomic,
  createExclusive,
  createFleeting,
  ...heldFiles,
  list: (path) => systemCall('readdir', path, () => kernel.list(path)),
  status: (path) => ifThere(path, () => kernel.status(path)),
  linkStatus: (path) => ifThere(path, () => kernel.linkStatus(path)),
  readLink: (path) => systemCall('readlink', path, () => kernel.readLink(path)),
  resolve: (path) => systemCall('realpath', path, () => kernel.realPath(path)),
  isExecutable: (path) =>
    ignoring(['EACCES', 'ENOENT', 'ENOTDIR'], () =>
      systemCall('access', path, () => {
        kernel.checkExecute(path);
        return kernel.status(path).kind === 'file';
      }),
    ) ?? false,
  makeDirectory: makeDirectories,
  rename: (from, to) => {
    systemCall('rename', to, () => {
      kernel.rename(from, to);
    });
  },
  remove: (path) => {
    ignoring(['ENOENT', 'ENOTDIR'], () => {
      systemCall('unlink', path, () => {
        removeTree(path);
      });
    });
  },
  removeDirectory: (path) => {
    systemCall('rmdir', path, () => {
      kernel.removeDirectory(path);
    });
  },
  writeLink: (path) => {
    throw new SystemError('ENOSYS', 'symlink', path);
  },
  sha256: (path) =>
    systemCall('read', path, () =>
      withDescriptor(kernel.openToRead(path), (descriptor) => kernel.sha256(descriptor)),
    ),
  fileSystemType: (path) =>
    systemCall('statfs', path, () =>
      withDescriptor(kernel.locate(path), (descriptor) => kernel.fileSystemType(descriptor)),
    ),
};

function ifThere(path: string, status: () => FileStatus): FileStatus | undefined {
  return ignoring(['ENOENT', 'ENOTDIR'], () => systemCall('stat', path, status));
}
