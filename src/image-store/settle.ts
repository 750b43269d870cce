import { spawn } from 'node:child_process';
import { buildLauncher } from '../core/launcher/build-launcher.ts';
import { AT_FDCWD, O_CLOEXEC, O_RDONLY } from '../core/launcher/constants.ts';
import { launcherHostOf } from '../core/launcher/find-launcher-host.ts';
import type { Program, Variable } from '../core/launcher/program.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { installLauncher } from '../host/launcher-place.ts';
import { ignoring } from '../host/system-error.ts';

/**
 * Says of which boot the tree beside it is, as long as it is not known to be on the disk. After a power cut, and only
 * then, what is called complete may lack the content of files.
 */
const mark = 'unsettled';

/** @param directory of an image that is not called by its digest yet */
export function markUnsettled({ files }: Pick<Host, 'files'>, directory: string): void {
  files.writeAtomic(`${directory}/${mark}`, encodeUtf8(bootOf(files)), 0o600);
}

/** Whether the machine went down before the image was on the disk. */
export function isDoubtful({ files }: Pick<Host, 'files'>, directory: string): boolean {
  const boot = ignoring(['ENOENT', 'ENOTDIR'], () => decodeUtf8(files.read(`${directory}/${mark}`)));
  return boot !== undefined && boot !== bootOf(files);
}

/**
 * Has the image brought to the disk and the mark removed, by a process that nobody waits for: a slow disk takes far longer
 * than the unpacking, and nothing but the next boot depends on it.
 */
export function settle({ files, system }: Pick<Host, 'files' | 'system'>, directory: string): void {
  const host = launcherHostOf(system.machine);
  if (host === undefined) return;
  const launcher = installLauncher({ files, system }, buildLauncher(host, settling));
  const child = spawn(launcher, [directory, `${directory}/${mark}`], {
    detached: true,
    stdio: ['ignore', 'ignore', 'ignore', 'ignore'],
  });
  // The mark stays: then the image is unpacked again after the next boot.
  child.on('error', () => undefined);
  child.unref();
}

/** Whether a process's words are those of one that `settle` has started: it needs nothing, and nobody needs it. */
export function isSettling([, directory, file]: readonly string[]): boolean {
  return directory !== undefined && file === `${directory}/${mark}`;
}

const opened: Variable = { variable: 'opened' };
const settling: Program = {
  steps: [
    {
      call: 'openat',
      arguments: [AT_FDCWD, { argument: 1 }, O_RDONLY | O_CLOEXEC, 0],
      store: opened,
    },
    { call: 'syncfs', arguments: [opened] },
    { call: 'unlinkat', arguments: [AT_FDCWD, { argument: 2 }, 0] },
  ],
};

function bootOf(files: Host['files']): string {
  return decodeUtf8(files.read('/proc/sys/kernel/random/boot_id')).trim();
}
