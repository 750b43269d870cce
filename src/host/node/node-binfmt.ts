import { closeSync, constants, openSync } from 'node:fs';
import { MS_NODEV, MS_NOEXEC, MS_NOSUID, MS_REMOUNT } from '../../core/launcher/constants.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Step } from '../../core/launcher/program.ts';
import { fileKernelTable } from '../file-kernel-table.ts';
import type { Files } from '../files.ts';
import type { BinfmtMisc, MountState } from '../kernel-table.ts';
import type { Processes } from '../processes.ts';
import { SystemError, ignoring } from '../system-error.ts';
import { enterNamespaces } from './enter-namespaces.ts';
import type { Flock } from './flock.ts';
import type { Launchers } from './launchers.ts';
import { errnoName, systemCall } from './system-call.ts';

export const binfmtMiscPath = '/proc/sys/fs/binfmt_misc';

/** `f_type` values (linux/magic.h). */
const binfmtMiscMagic = 0x42494e4d;
const autofsMagic = 0x0187;

/** Those that systemd mounts it with. */
const mountFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC;

/** Of opening `register` where the table is not ours to change, or none. */
const notWritable = ['EACCES', 'EPERM', 'EROFS', 'ENOENT', 'ENOTDIR'];

interface NodeBinfmtParts {
  readonly files: Files;
  readonly processes: Processes;
  readonly launchers: Pick<Launchers, 'launch'>;
  readonly flock: Flock;
  /** A process whose user and mount namespace it is about; default: this one's. */
  readonly inside?: number | undefined;
}

export function nodeBinfmt({ files, processes, launchers, flock, inside }: NodeBinfmtParts): BinfmtMisc {
  const path = inside === undefined ? binfmtMiscPath : `/proc/${inside}/root${binfmtMiscPath}`;
  const entering = inside === undefined ? [] : enterNamespaces(inside);
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
    mount: (at) => {
      // Its outcome is not looked at: without the module mount(2) fails with ENODEV, which is what gets reported.
      if (state() === 'unsupported') processes.run(['modprobe', 'binfmt_misc'], { timeoutMs: 10_000 });
      const launch = launchers.launch({ steps: [...entering, mountStep(at ?? binfmtMiscPath)] }, [], 10_000);
      const [failure] = launch.failures;
      if (failure !== undefined) throw new SystemError(errnoName(failure.errno), 'mount', at ?? path);
      if (launch.exitCode !== 0)
        throw new SystemError('EIO', `mount (exit code ${launch.exitCode ?? 'none'})`, at ?? path);
    },
    tryLock: (at = path) => tryLockTable(flock, at),
    isOwn: (at = path) => {
      // Mounted read-only it stays so: mounting it anew would make it writable.
      const isWritable = ignoring(notWritable, () => {
        closeSync(systemCall('open', at, () => openSync(`${at}/register`, constants.O_WRONLY)));
        return true;
      });
      if (isWritable !== true) return false;
      const steps = [...entering, mountStep(at === path ? binfmtMiscPath : at, MS_REMOUNT)];
      const { failures, exitCode } = launchers.launch({ steps }, [], 10_000);
      return failures.length === 0 && exitCode === 0;
    },
    table: () => fileKernelTable(files, path),
  };
}

/**
 * One inode for all mounts of the table. `register` and not the directory: that anybody may open, and so anybody could
 * keep root from registering.
 */
function tryLockTable(flock: Flock, at: string): (() => void) | undefined {
  const register = `${at}/register`;
  const descriptor = systemCall('open', register, () => openSync(register, constants.O_WRONLY));
  const close = (): void => {
    closeSync(descriptor);
  };
  try {
    if (flock(descriptor, 'exclusive')) return close;
  } catch (error) {
    close();
    throw error;
  }
  close();
  return undefined;
}

/** With MS_REMOUNT the same as before, which only root of the table's own user namespace may (do_remount in fs/namespace.c). */
function mountStep(at: string, flags = 0): Step {
  return { call: 'mount', arguments: ['binfmt_misc', at, 'binfmt_misc', mountFlags | flags, 0] };
}

function isKnownToKernel(files: Files): boolean {
  return /\sbinfmt_misc$/m.test(decodeUtf8(files.read('/proc/filesystems')));
}
