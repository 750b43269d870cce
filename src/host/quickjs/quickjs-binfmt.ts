import { MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_REMOUNT } from '../../core/launcher/constants.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { fileKernelTable } from '../file-kernel-table.ts';
import type { Files } from '../files.ts';
import type { BinfmtMisc, MountState } from '../kernel-table.ts';
import type { Processes } from '../processes.ts';
import { ignoring } from '../system-error.ts';
import { systemCall } from './system-call.ts';

const path = '/proc/sys/fs/binfmt_misc';

/** `f_type` values (linux/magic.h). */
const binfmtMiscMagic = 0x42494e4d;
const autofsMagic = 0x0187;

/** Those that systemd mounts it with. */
const mountFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

interface QuickjsBinfmtParts {
  readonly files: Files;
  readonly processes: Processes;
}

export function quickjsBinfmt({ files, processes }: QuickjsBinfmtParts): BinfmtMisc {
  const state = (): MountState => {
    const type = ignoring(['ENOENT', 'ENOTDIR'], () => files.fileSystemType(path));
    if (type === binfmtMiscMagic) return 'mounted';
    if (type === autofsMagic) return 'autofs';
    return type !== undefined && isKnownToKernel(files) ? 'unmounted' : 'unsupported';
  };
  return {
    path,
    state,
    trigger: () => {
      files.list(path);
    },
    mount: (at = path) => {
      // Its outcome is not looked at: without the module mount(2) fails with ENODEV, which is what gets reported.
      if (state() === 'unsupported') processes.run(['modprobe', 'binfmt_misc'], { timeoutMs: 10_000 });
      systemCall('mount', at, () => {
        kernel.mount('binfmt_misc', at, 'binfmt_misc', mountFlags);
      });
    },
    tryLock: (at = path) => tryLockTable(at),
    isOwn: (at = path) => {
      const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR', 'EINVAL'];
      return (
        ignoring(refusals, () =>
          systemCall('mount', at, () => {
            // Mounted read-only it stays so: mounting it anew would make it writable.
            kernel.close(kernel.openToWrite(`${at}/register`));
            // The same as before, which only root of the table's own user namespace may (do_remount in fs/namespace.c).
            kernel.mount('binfmt_misc', at, 'binfmt_misc', mountFlags | MS_REMOUNT);
            return true;
          }),
        ) === true
      );
    },
    table: () => fileKernelTable(files, path),
  };
}

/**
 * One inode for all mounts of the table. `register` and not the directory: that anybody may open, and so anybody could
 * keep root from registering.
 */
function tryLockTable(at: string): (() => void) | undefined {
  const register = `${at}/register`;
  return systemCall('flock', register, () => {
    const descriptor = kernel.openToWrite(register);
    const close = (): void => {
      kernel.close(descriptor);
    };
    try {
      if (kernel.tryLock(descriptor, false)) return close;
    } catch (error) {
      close();
      throw error;
    }
    close();
    return undefined;
  });
}

function isKnownToKernel(files: Files): boolean {
  return /\sbinfmt_misc$/m.test(decodeUtf8(files.read('/proc/filesystems')));
}
