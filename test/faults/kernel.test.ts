import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { testFault } from '../support/faults/fault.ts';
import {
  exitsWith42,
  foreignCommand,
  foreignProgram,
  mustRun,
  writeToTable,
} from '../support/faults/foreign.ts';
import { privateLaboratory, type Laboratory } from '../support/faults/laboratory.ts';
import { describeFailure } from '../support/command.ts';

const table = '/proc/sys/fs/binfmt_misc';

/** A kernel cannot be exchanged here: what tells of it is covered, and nothing is registered, as there. */
async function hideBinfmt(laboratory: Laboratory, configuration: string): Promise<void> {
  const { directory } = laboratory;
  await writeToTable(laboratory, 'qemu-s390x', '-1');
  writeFileSync(join(directory, 'filesystems'), 'nodev\tproc\nnodev\ttmpfs\n\text4\n');
  writeFileSync(join(directory, 'config.gz'), gzipSync(configuration));
  await mustMount(laboratory, 'none', table, '-t', 'tmpfs');
  await mustMount(laboratory, join(directory, 'filesystems'), '/proc/filesystems', '--bind');
  await mustMount(laboratory, join(directory, 'config.gz'), '/proc/config.gz', '--bind');
}

async function showBinfmt(laboratory: Laboratory): Promise<void> {
  for (const path of ['/proc/config.gz', '/proc/filesystems', table])
    await mustSucceed(laboratory, 'umount', path);
}

async function mustMount(
  laboratory: Laboratory,
  source: string,
  target: string,
  ...how: string[]
): Promise<void> {
  await mustSucceed(laboratory, 'mount', ...how, source, target);
}

async function mustSucceed(laboratory: Laboratory, ...command: string[]): Promise<void> {
  const result = await laboratory.run(command);
  if (result.exitCode !== 0) throw new Error(describeFailure(result));
}

async function registered(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  await mustRun(laboratory, 'register', 's390x', 'riscv64');
  return laboratory;
}

describeWith([needs.qemu, needs.hostTable], 'a kernel', () => {
  testFault(registered, {
    name: 'it is built without binfmt_misc',
    cause: 'binfmt-unsupported',
    command: (laboratory) => foreignCommand(laboratory),
    works: exitsWith42,
    ask: ({ directory }) => ['--file', foreignProgram(directory)],
    inject: (laboratory) => hideBinfmt(laboratory, '# CONFIG_BINFMT_MISC is not set\n'),
    remedy: async (laboratory) => {
      const emulated = await laboratory.anyarch(['exec', foreignProgram(laboratory.directory)]);
      if (!exitsWith42(emulated)) throw new Error(describeFailure(emulated));
      // Another kernel.
      await showBinfmt(laboratory);
      await mustRun(laboratory, 'register', 's390x');
    },
  });

  testFault(registered, {
    name: 'its module binfmt_misc is not loaded',
    cause: 'binfmt-module-not-loaded',
    command: (laboratory) => foreignCommand(laboratory),
    works: exitsWith42,
    ask: ({ directory }) => ['--file', foreignProgram(directory)],
    inject: async (laboratory) => {
      await hideBinfmt(laboratory, 'CONFIG_BINFMT_MISC=m\n');
      await addModule(laboratory);
    },
  });
});

/** With a modprobe that brings back what has been covered, and the entry, which a module loses with its table. */
async function addModule(laboratory: Laboratory): Promise<void> {
  const { directory } = laboratory;
  const modules = join(directory, 'upper/modules', release());
  mkdirSync(modules, { recursive: true });
  mkdirSync(join(directory, 'work'));
  writeFileSync(join(modules, 'modules.dep'), 'kernel/fs/binfmt_misc.ko.xz:\n');
  await mustMount(
    laboratory,
    'overlay',
    '/usr/lib',
    '-t',
    'overlay',
    '-o',
    `lowerdir=/usr/lib,upperdir=${directory}/upper,workdir=${directory}/work,userxattr`,
  );
  const uncover = `umount /proc/config.gz /proc/filesystems ${table}`;
  writeFileSync(
    join(directory, 'bin/modprobe'),
    `#!/bin/sh\ntest "$*" = binfmt_misc && ${uncover} && exec anyarch register s390x\n`,
    { mode: 0o755 },
  );
}
