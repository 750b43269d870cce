import { SystemError, ignoring } from '../system-error.ts';
import { temporaryName } from '../temporary-name.ts';
import { parentOf } from './parent.ts';
import { systemCall } from './system-call.ts';
import { withDescriptor } from './with-descriptor.ts';

/** The kernel parses each write(2) to a control file by itself, so the data must never be split. */
export function writeOnce(path: string, data: Uint8Array): void {
  const written = systemCall('write', path, () =>
    withDescriptor(kernel.openToWrite(path), (descriptor) => kernel.writeOnce(descriptor, data)),
  );
  if (written !== data.length)
    throw new SystemError('EIO', `write (${written} of ${data.length} bytes)`, path);
}

export function writeAtomic(path: string, data: Uint8Array, mode = 0o644): void {
  systemCall('write', path, () => {
    withTemporary(path, data, mode, (temporary) => {
      kernel.rename(temporary, path);
    });
    synchronizeDirectory(parentOf(path));
  });
}

/** The file appears with its whole content: a reader never meets an empty lock. */
export function createExclusive(path: string, data: Uint8Array): void {
  systemCall('open', path, () => {
    withTemporary(path, data, 0o644, (temporary) => {
      const linked = ignoring(['EPERM', 'ENOTSUP', 'ENOSYS'], () =>
        systemCall('link', path, () => {
          kernel.link(temporary, path);
          return true;
        }),
      );
      kernel.unlink(temporary);
      // FAT and some network file systems have no hard links: there the content follows a moment later.
      if (linked === undefined) {
        withDescriptor(kernel.create(path, 0o644), (descriptor) => {
          kernel.writeAll(descriptor, data);
        });
      }
    });
  });
}

export function createFleeting(path: string, data: Uint8Array, mode = 0o644): void {
  systemCall('open', path, () => {
    withDescriptor(kernel.create(path, 0o600), (descriptor) => {
      try {
        kernel.writeAll(descriptor, data);
        kernel.chmod(descriptor, mode);
      } catch (error) {
        kernel.unlink(path);
        throw error;
      }
    });
  });
}

function withTemporary(
  path: string,
  data: Uint8Array,
  mode: number,
  finish: (temporary: string) => void,
): void {
  const temporary = temporaryName(path, kernel.identity().pid);
  try {
    writeDurably(temporary, data, mode);
    finish(temporary);
  } catch (error) {
    ignoring(['ENOENT', 'ENOTDIR', 'EROFS', 'ENAMETOOLONG'], () => {
      systemCall('unlink', temporary, () => {
        kernel.unlink(temporary);
      });
    });
    throw error;
  }
}

function writeDurably(path: string, data: Uint8Array, mode: number): void {
  withDescriptor(kernel.create(path, 0o600), (descriptor) => {
    kernel.writeAll(descriptor, data);
    // After it was opened, because the umask takes bits away there.
    kernel.chmod(descriptor, mode);
    kernel.synchronize(descriptor);
  });
}

/** Without it a power cut can undo the rename. Some file systems (FUSE, 9p) have no fsync for directories. */
function synchronizeDirectory(path: string): void {
  withDescriptor(kernel.openToRead(path), (descriptor) => {
    ignoring(['EINVAL', 'ENOTSUP', 'ENOSYS'], () => {
      systemCall('fsync', path, () => {
        kernel.synchronize(descriptor);
      });
    });
  });
}
