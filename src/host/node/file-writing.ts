import * as fs from 'node:fs';
import { dirname } from 'node:path';
import { SystemError, ignoring } from '../system-error.ts';
import { temporaryName } from '../temporary-name.ts';
import { syncDirectory, writeDurably } from './durable-writing.ts';
import { systemCall } from './system-call.ts';

/** The kernel parses each write(2) to a control file by itself, so the data must never be split. */
export function writeOnce(path: string, data: Uint8Array): void {
  const written = systemCall('write', path, () => {
    const descriptor = fs.openSync(path, fs.constants.O_WRONLY);
    try {
      return fs.writeSync(descriptor, data);
    } finally {
      fs.closeSync(descriptor);
    }
  });
  if (written !== data.length)
    throw new SystemError('EIO', `write (${written} of ${data.length} bytes)`, path);
}

export function writeAtomic(path: string, data: Uint8Array, mode = 0o644): void {
  systemCall('write', path, () => {
    withTemporary(path, data, mode, (temporary) => {
      fs.renameSync(temporary, path);
    });
    syncDirectory(dirname(path));
  });
}

/** The file appears with its whole content: a reader never meets an empty lock. */
export function createExclusive(path: string, data: Uint8Array): void {
  systemCall('open', path, () => {
    withTemporary(path, data, 0o644, (temporary) => {
      const linked = ignoring(['EPERM', 'ENOTSUP', 'ENOSYS'], () =>
        systemCall('link', path, () => {
          fs.linkSync(temporary, path);
          return true;
        }),
      );
      fs.unlinkSync(temporary);
      // FAT and some network file systems have no hard links: there the content follows a moment later.
      if (linked === undefined) fs.writeFileSync(path, data, { flag: 'wx' });
    });
  });
}

export function createFleeting(path: string, data: Uint8Array, mode = 0o644): void {
  systemCall('open', path, () => {
    const descriptor = fs.openSync(path, 'wx', 0o600);
    try {
      fs.writeFileSync(descriptor, data);
      fs.fchmodSync(descriptor, mode);
    } catch (error) {
      fs.rmSync(path, { force: true });
      throw error;
    } finally {
      fs.closeSync(descriptor);
    }
  });
}

export function writeLink(path: string, target: string): void {
  systemCall('symlink', path, () => {
    withTemporaryName(path, (temporary) => {
      fs.symlinkSync(target, temporary);
      fs.renameSync(temporary, path);
    });
    syncDirectory(dirname(path));
  });
}

function withTemporary(
  path: string,
  data: Uint8Array,
  mode: number,
  finish: (temporary: string) => void,
): void {
  withTemporaryName(path, (temporary) => {
    writeDurably(temporary, data, mode);
    finish(temporary);
  });
}

function withTemporaryName(path: string, fill: (temporary: string) => void): void {
  const temporary = temporaryName(path, process.pid);
  try {
    fill(temporary);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}
