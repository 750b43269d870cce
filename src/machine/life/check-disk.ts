import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { diskInUse, saysInUse } from '../disk/disk-in-use.ts';
import { activeDisk } from '../layers/places.ts';
import type { Tools } from '../tools/tools.ts';
import type { Machine } from './machine.ts';

/** Whether the files of a machine that it cannot do without are there. @throws AnyarchError ANYARCH_DISK_INVALID */
export function checkFiles({ files }: Pick<Host, 'files'>, { record, places }: Machine): void {
  const { boot, file, origin } = record.base;
  const kernel =
    boot.kind === 'kernel' ? [boot.kernel, ...(boot.initrd === undefined ? [] : [boot.initrd])] : [];
  for (const path of [file, places.disk, places.seed, ...kernel]) {
    if (files.status(path)?.kind === 'file') continue;
    throw new AnyarchError('ANYARCH_DISK_INVALID', `${path}, which ${record.name} needs, is not there`, {
      hint: `bring it back (the image is ${origin}), or make the machine anew: anyarch machine remove ${record.name}`,
      details: { path, origin },
    });
  }
}

/** Milliseconds that a killed QEMU's threads may take to end: until the last one has, they hold the disk's lock. */
const releaseMs = 10_000;
const pauseMs = 100;

/**
 * After a crash: repairs what costs space only, and refuses what would cost data.
 *
 * @throws AnyarchError ANYARCH_DISK_INVALID, ANYARCH_MACHINE_RUNNING when another process has the disk
 */
export function checkDiskAfterCrash(
  { clock, files, processes }: Pick<Host, 'clock' | 'files' | 'processes'>,
  { record, places }: Machine,
  tools: Pick<Tools, 'command' | 'environment'>,
): void {
  const disk = activeDisk(files, places);
  const words = [...tools.command('qemu-img'), 'check', '-q', '-r', 'leaks', '-f', 'qcow2', disk];
  const check = () =>
    processes.run(words, { environment: { ...tools.environment, LC_ALL: 'C' }, timeoutMs: 600_000 });
  const deadline = clock.monotonic() + releaseMs;
  let result = check();
  while (saysInUse(result.stderr) && clock.monotonic() < deadline) {
    clock.sleep(pauseMs);
    result = check();
  }
  // 0: sound; 3: leaks only, which -r has repaired.
  if (result.exitCode === 0 || result.exitCode === 3) return;
  if (saysInUse(result.stderr)) throw diskInUse(record.name, result.stderr.trim());
  throw new AnyarchError(
    'ANYARCH_DISK_INVALID',
    `the disk of ${record.name} is damaged: ${result.stderr.trim().split('\n').at(-1) ?? ''}`,
    {
      hint: `go back to a snapshot (anyarch machine snapshot list ${record.name}), or look: qemu-img check ${disk}`,
      details: { path: disk, output: `${result.stdout}${result.stderr}`.slice(-2000) },
    },
  );
}
