import { fileKernelTable } from './file-kernel-table.ts';
import type { Host } from './host.ts';
import type { BinfmtMisc, MountState } from './kernel-table.ts';
import { ignoring } from './system-error.ts';

/** `f_type` values (linux/magic.h). */
const binfmtMiscMagic = 0x42494e4d;
const autofsMagic = 0x0187;

/** The table in force, at another mount point: containers are given it anywhere. */
export function binfmtAt({ files, binfmt }: Pick<Host, 'files' | 'binfmt'>, path: string): BinfmtMisc {
  if (path === binfmt.path) return binfmt;
  const { tryLock } = binfmt;
  return {
    path,
    state: (): MountState => {
      const type = ignoring(['ENOENT', 'ENOTDIR'], () => files.fileSystemType(path));
      if (type === binfmtMiscMagic) return 'mounted';
      if (type === autofsMagic) return 'autofs';
      return binfmt.state() === 'unsupported' ? 'unsupported' : 'unmounted';
    },
    trigger: () => {
      files.list(path);
    },
    mount: () => {
      binfmt.mount(path);
    },
    ...(tryLock === undefined ? {} : { tryLock: () => tryLock(path) }),
    isOwn: () => binfmt.isOwn(path),
    table: () => fileKernelTable(files, path),
  };
}
