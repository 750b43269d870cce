import type { Files } from '../host/files.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { memoryFiles } from './memory-files.ts';

/**
 * The files of a host, with one directory kept in this process's memory, whatever lies there on a disk: no lock of a
 * container that was killed, nothing that somebody else planted, and neither a full nor a read-only disk.
 *
 * @param directory absolute
 */
export function withMemoryAt(host: Pick<Host, 'files' | 'system' | 'clock'>, directory: string): Files {
  const memory = memoryFiles(host, directory);
  const of = (path: string): Files =>
    path === directory || path.startsWith(`${directory}/`) ? memory : host.files;
  return {
    read: (path) => of(path).read(path),
    readAt: (path, offset, length) => of(path).readAt(path, offset, length),
    writeOnce: (path, data) => {
      of(path).writeOnce(path, data);
    },
    writeAtomic: (path, data, mode) => {
      of(path).writeAtomic(path, data, mode);
    },
    createExclusive: (path, data) => {
      of(path).createExclusive(path, data);
    },
    createHeld: (path, data) => of(path).createHeld?.(path, data),
    isHeld: (path) => of(path).isHeld?.(path),
    createFleeting: (path, data, mode) => {
      of(path).createFleeting(path, data, mode);
    },
    list: (path) => of(path).list(path),
    status: (path) => of(path).status(path),
    linkStatus: (path) => of(path).linkStatus(path),
    readLink: (path) => of(path).readLink(path),
    resolve: (path) => of(path).resolve(path),
    isExecutable: (path) => of(path).isExecutable(path),
    makeDirectory: (path, mode) => {
      of(path).makeDirectory(path, mode);
    },
    rename: (from, to) => {
      if (of(from) !== of(to)) throw new SystemError('EXDEV', 'rename', to);
      of(from).rename(from, to);
    },
    remove: (path) => {
      of(path).remove(path);
    },
    removeDirectory: (path) => {
      of(path).removeDirectory(path);
    },
    writeLink: (path, target) => {
      of(path).writeLink(path, target);
    },
    sha256: (path) => of(path).sha256(path),
    fileSystemType: (path) => of(path).fileSystemType(path),
  };
}
