import * as fs from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import type { Programs } from '../../debian-programs/index.ts';
import { obtainPrograms } from '../../debian-programs/index.ts';
import type { Host } from '../../host/host.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { DiskToolOptions } from '../disk/disk-tools.ts';
import { runTool } from '../disk/run-tool.ts';
import { cpioArchive, type CpioEntry } from '../reader/cpio.ts';
import { diskDrivers, unpackKernel } from '../reader/kernel-package.ts';
import { treeEntries } from '../reader/tree-entries.ts';
import { bootScript } from './boot-script.ts';

/** What the root in memory starts with; all of it of the guest's architecture. */
export const bootPackages = ['busybox-static', 'dropbear-bin', 'e2fsprogs', 'kmod', 'util-linux'];

/** e1000 is malta's. */
const networkDrivers =
  /\/kernel\/(drivers\/(net\/(virtio_net|net_failover)\.|net\/ethernet\/intel\/e1000\/|char\/hw_random\/)|net\/(core|packet)\/)/;

/**
 * Whether a file of the kernel's package is in the root in memory, which has to fit into a few hundred MiB with all else.
 *
 * @param path `usr/lib/modules/VERSION/…`; drivers of Debian 12 are not compressed
 */
export function isNeededEarly(path: string): boolean {
  return !/\.ko(\.[gx]z|\.zst)?$/.test(path) || diskDrivers.test(path) || networkDrivers.test(path);
}

/**
 * Puts `kernel` and `initrd` into a directory, and all of the kernel's drivers below another, for the image's own root.
 *
 * @param programs `bootPackages`
 * @param staging a directory that is not there yet
 * @returns the kernel's version
 */
export async function makeBootParts(
  host: Host,
  { kernel }: MachineDefinition,
  programs: Programs,
  { directory, staging }: { readonly directory: string; readonly staging: string },
  { mirror, allowExpired, signal, onProgress }: DiskToolOptions,
): Promise<string> {
  await mkdir(staging);
  await unpackKernel(host, kernel, staging, {
    kernelPath: `${directory}/kernel`,
    // For debuggers, several megabytes.
    wantsDriver: (path) => !path.endsWith('/System.map'),
    ...{ mirror, allowExpired, signal, onProgress },
  });
  await symlink('usr/lib', `${staging}/lib`);
  const modules = `${staging}/usr/lib/modules`;
  const version = fs.readdirSync(modules).at(0) ?? '';
  // Indexes of drivers are the same wherever they are made.
  const tools = await obtainPrograms(host, { packages: ['kmod'], mirror, allowExpired, signal, onProgress });
  await runTool(tools, 'depmod', ['-b', staging, version], { signal });
  const initrd = await fs.promises.open(`${directory}/initrd`, 'wx');
  try {
    for (const part of cpioArchive(initialRoot(programs, modules))) await initrd.writeFile(part);
  } finally {
    await initrd.close();
  }
  return version;
}

function* initialRoot({ root }: Programs, modules: string): Generator<CpioEntry> {
  yield { kind: 'file', path: 'init', content: Buffer.from(bootScript()), isExecutable: true };
  yield* treeEntries(
    `${root}/usr`,
    'usr',
    (path) => !/^usr\/(share|include|libexec|lib\/(systemd|udev))(\/|$)/.test(path),
  );
  yield* treeEntries(modules, 'usr/lib/modules', isNeededEarly);
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    yield { kind: 'link', path: name, target: `usr/${name}` };
}
