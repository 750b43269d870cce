import { decodeUtf8 } from '../../core/text.ts';
import type { Program } from '../../core/launcher/program.ts';
import { fileKernelTable } from '../file-kernel-table.ts';
import type { Files } from '../files.ts';
import type { BinfmtMisc, MountState } from '../kernel-table.ts';
import type { Processes } from '../processes.ts';
import { SystemError, ignoring } from '../system-error.ts';
import type { Launchers } from './launchers.ts';
import { errnoName } from './system-call.ts';

export const binfmtMiscPath = '/proc/sys/fs/binfmt_misc';

/** `f_type` values (linux/magic.h). */
const binfmtMiscMagic = 0x42494e4d;
const autofsMagic = 0x0187;

/** mount(2) flags, those that systemd mounts it with: nosuid, nodev, noexec. */
const mountFlags = 2 | 4 | 8;

interface NodeBinfmtParts {
  readonly files: Files;
  readonly processes: Processes;
  readonly launchers: Launchers;
  readonly path?: string;
}

export function nodeBinfmt({
  files,
  processes,
  launchers,
  path = binfmtMiscPath,
}: NodeBinfmtParts): BinfmtMisc {
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
    mount: () => {
      // Its outcome is not looked at: without the module mount(2) fails with ENODEV, which is what gets reported.
      if (state() === 'unsupported') processes.run(['modprobe', 'binfmt_misc'], { timeoutMs: 10_000 });
      const launch = launchers.launch(mountProgram(path), [], 10_000);
      if (launch.failure !== undefined) throw new SystemError(errnoName(launch.failure.errno), 'mount', path);
      if (launch.exitCode !== 0)
        throw new SystemError('EIO', `mount (exit code ${launch.exitCode ?? 'none'})`, path);
    },
    table: () => fileKernelTable(files, path),
  };
}

function mountProgram(path: string): Program {
  return { steps: [{ call: 'mount', arguments: ['binfmt_misc', path, 'binfmt_misc', mountFlags, 0] }] };
}

function isKnownToKernel(files: Files): boolean {
  return /\sbinfmt_misc$/m.test(decodeUtf8(files.read('/proc/filesystems')));
}
