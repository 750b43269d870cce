import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Files } from './files.ts';
import type { KernelTable } from './kernel-table.ts';
import { SystemError } from './system-error.ts';

/** The kernel's own files in a table's directory; everything else there is an entry. */
const ownFiles = ['register', 'status'];

/** A table through its control files, such as those in /proc/sys/fs/binfmt_misc. */
export function fileKernelTable(files: Files, path: string): KernelTable {
  // `status` takes the same commands and applies them to ALL entries: it must never be taken for an entry.
  const entryPath = (name: string): string => {
    if (ownFiles.includes(name) || name.includes('/') || ['', '.', '..'].includes(name)) {
      throw new SystemError('ENOENT', 'open', `${path}/${name}`);
    }
    return `${path}/${name}`;
  };
  return {
    path,
    list: () => files.list(path).filter((name) => !ownFiles.includes(name)),
    read: (name) => decodeUtf8(files.read(entryPath(name))),
    enabled: () => decodeUtf8(files.read(`${path}/status`)).startsWith('enabled'),
    register: (rule) => {
      files.writeOnce(`${path}/register`, rule);
    },
    control: (name, command) => {
      files.writeOnce(entryPath(name), encodeUtf8(command));
    },
  };
}
