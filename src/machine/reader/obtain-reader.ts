import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import { mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { AnyarchError } from '../../core/error.ts';
import { obtainPrograms } from '../../debian-programs/index.ts';
import type { Host } from '../../host/host.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import type { DiskToolOptions } from '../disk/disk-tools.ts';
import { keepDirectory } from '../disk/kept-directory.ts';
import { runTool } from '../disk/run-tool.ts';
import { cpioArchive, type CpioEntry } from './cpio.ts';
import { initScript } from './init-script.ts';
import { diskDrivers, unpackKernel } from './kernel-package.ts';
import { treeEntries } from './tree-entries.ts';

/** A kernel and a root in memory that read disks. */
export interface Reader {
  readonly kernel: string;
  readonly initrd: string;
}

/** GNU tar keeps extended attributes, util-linux knows file systems by their first bytes, kmod reads packed drivers. */
const packages = ['busybox-static', 'kmod', 'lvm2', 'mount', 'tar', 'util-linux'];

/**
 * The helper for disks, made once of Debian's packages for this host.
 *
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND with `noFetch` when it is not there, and what fetching throws
 */
export async function obtainReader(
  host: Host,
  definition: MachineDefinition,
  options: DiskToolOptions,
): Promise<Reader> {
  const script = initScript();
  const key = createHash('sha256')
    .update(JSON.stringify([definition.kernel, packages, script]))
    .digest('hex')
    .slice(0, 12);
  return await keepDirectory<Reader>(host, {
    name: `reader-${definition.name}-${key}`,
    signal: options.signal,
    read: (directory) => {
      const reader = { kernel: `${directory}/kernel`, initrd: `${directory}/initrd` };
      return fs.existsSync(reader.kernel) && fs.existsSync(reader.initrd) ? reader : undefined;
    },
    make: async (directory) => {
      if (options.noFetch === true)
        throw new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', 'the helper that reads disks is not here yet', {
          hint: 'leave --no-fetch out once: it is made of packages from a Debian mirror',
        });
      await makeReader(host, definition, directory, script, options);
    },
  });
}

async function makeReader(
  host: Host,
  { kernel }: MachineDefinition,
  directory: string,
  script: string,
  { mirror, allowExpired, signal, onProgress }: DiskToolOptions,
): Promise<void> {
  host.log.info('making the helper that reads disks of Debian packages, once');
  const programs = await obtainPrograms(host, { packages, mirror, allowExpired, signal, onProgress });
  const staging = `${directory}/staging`;
  await mkdir(staging);
  await unpackKernel(host, kernel, staging, {
    kernelPath: `${directory}/kernel`,
    wantsDriver: (path) => diskDrivers.test(path),
    ...{ mirror, allowExpired, signal, onProgress },
  });
  await symlink('usr/lib', `${staging}/lib`);
  const version = fs.readdirSync(`${staging}/usr/lib/modules`).at(0) ?? '';
  await runTool(programs, 'depmod', ['-b', staging, version], { signal });
  const initrd = await fs.promises.open(`${directory}/initrd`, 'wx');
  try {
    for (const part of cpioArchive(rootEntries(programs.root, staging, script))) await initrd.writeFile(part);
  } finally {
    await initrd.close();
  }
  await rm(staging, { recursive: true });
  await writeFile(
    `${directory}/README`,
    `Made by anyarch: Linux ${version} with programs of Debian, reads disks.\n`,
  );
}

function* rootEntries(programs: string, staging: string, script: string): Generator<CpioEntry> {
  yield { kind: 'file', path: 'init', content: Buffer.from(script), isExecutable: true };
  yield* treeEntries(
    `${programs}/usr`,
    'usr',
    (path) => !/^usr\/(share|include|lib\/(systemd|udev)|libexec)(\/|$)/.test(path),
  );
  yield* treeEntries(`${staging}/usr/lib/modules`, 'usr/lib/modules', () => true);
  for (const name of ['bin', 'sbin', 'lib', 'lib64'])
    yield { kind: 'link', path: name, target: `usr/${name}` };
}
