import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import {
  atOnce,
  copyEmulator,
  emulator,
  emulatorIn,
  mustSucceed,
  registerEntry,
  registeredLaboratory,
  replaceEntry,
  testOthersEntry,
} from '../support/faults/entries.ts';
import { testFault } from '../support/faults/fault.ts';
import { exitsWith42, foreignCommand, foreignProgram } from '../support/faults/foreign.ts';
import { privateLaboratory, type Laboratory } from '../support/faults/laboratory.ts';
import { qemuBinary } from '../support/fixtures/qemu.ts';
import { nativeProgram } from '../support/native-program.ts';

const requirements = [needs.qemu, needs.hostTable];

describeWith(requirements, 'an interpreter that cannot be started', () => {
  testOthersEntry({
    name: 'the emulator was removed, and its entry was not',
    cause: 'interpreter-missing',
    inject: (laboratory) =>
      atOnce(() => {
        rmSync(emulatorIn(laboratory));
      }),
  });

  testOthersEntry({
    name: 'the emulator was removed; the doctor repairs it itself',
    cause: 'interpreter-missing',
    inject: (laboratory) =>
      atOnce(() => {
        rmSync(emulatorIn(laboratory));
      }),
    remedy: 'fix',
  });

  testOthersEntry({
    name: 'it was copied without its mode',
    cause: 'interpreter-not-executable',
    inject: (laboratory) =>
      atOnce(() => {
        chmodSync(emulatorIn(laboratory), 0o644);
      }),
  });

  testFault(onItsOwnMount, {
    name: 'a hardened file system',
    cause: 'interpreter-noexec',
    inject: (laboratory) =>
      mustSucceed(laboratory, ['mount', '-o', 'remount,noexec', join(laboratory.directory, 'mounted')]),
    command: (laboratory) => foreignCommand(laboratory),
    works: exitsWith42,
    ask: ({ directory }) => ['--file', foreignProgram(directory)],
  });
});

describeWith(requirements, 'an interpreter of the wrong kind', () => {
  testOthersEntry({
    name: "another host's build, which the entry takes itself (ELOOP)",
    cause: 'interpreter-foreign',
    inject: async (laboratory) => {
      const path = join(laboratory.directory, 'foreign-emulator');
      writeFileSync(path, buildProbe('s390x'), { mode: 0o755 });
      await replaceEntry(laboratory, path);
    },
  });

  testOthersEntry({
    name: "another host's build in an entry with flags OC (ENOEXEC)",
    cause: 'interpreter-foreign',
    inject: async (laboratory) => {
      const path = join(laboratory.directory, 'foreign-emulator');
      writeFileSync(path, buildProbe('s390x'), { mode: 0o755 });
      await replaceEntry(laboratory, path, 'OC');
    },
  });

  testOthersEntry({
    name: 'a wrapper script in an entry with flag O',
    cause: 'interpreter-is-script',
    inject: async (laboratory) => {
      const path = join(laboratory.directory, 'wrapper');
      writeFileSync(path, `#!/bin/sh\nexec ${emulatorIn(laboratory)} "$@"\n`, { mode: 0o755 });
      await replaceEntry(laboratory, path, 'O');
    },
  });
});

describeWith(requirements, 'what is pinned', () => {
  testOthersEntry({
    name: 'a broken emulator was repaired, and its entry was not',
    cause: 'interpreter-replaced',
    isUntold: 'the emulator ends without a word, and not with 0',
    alsoErrors: { 'emulator-fails': 'the one that is pinned does fail' },
    flags: 'F',
    inject: async (laboratory) => {
      const path = emulatorIn(laboratory);
      rmSync(path);
      writeFileSync(path, nativeProgram(1), { mode: 0o755 });
      await replaceEntry(laboratory, path, 'F');
      copyFileSync(emulator(), `${path}.new`);
      renameSync(`${path}.new`, path);
    },
  });

  testFault(upgraded, {
    name: 'an upgrade has no effect',
    cause: 'interpreter-replaced',
    isUntold: 'QEMU tells its version, as it was asked',
    inject: async (laboratory) => {
      const path = emulatorIn(laboratory);
      copyFileSync(await qemuBinary('7.2', 's390x'), `${path}.old`);
      renameSync(`${path}.old`, path);
      await replaceEntry(laboratory, path, 'F');
      copyFileSync(emulator(), `${path}.new`);
      renameSync(`${path}.new`, path);
    },
    command: ({ directory }) => ['env', 'QEMU_VERSION=1', foreignProgram(directory)],
    works: ({ stdout }) => stdout.includes('version 11.'),
    ask: ({ directory }) => ['--file', foreignProgram(directory)],
  });

  testOthersEntry({
    name: 'an emulator that is broken',
    cause: 'emulator-fails',
    isUntold: 'the emulator ends without a word, and not with 0',
    flags: 'F',
    inject: async (laboratory) => {
      const path = join(laboratory.directory, 'broken');
      writeFileSync(path, nativeProgram(1), { mode: 0o755 });
      await replaceEntry(laboratory, path, 'F');
    },
  });
});

describeWith(requirements, 'an entry for what the machine runs by itself', () => {
  testFault(registeredLaboratory, {
    name: 'i386 on x86-64',
    cause: 'native-emulated',
    inject: (laboratory) => registerEntry(laboratory, join(laboratory.directory, 'qemu-i386'), '', 'i386'),
    command: (laboratory) => foreignCommand(laboratory, 'i386'),
    works: exitsWith42,
    ask: ({ directory }) => ['--file', foreignProgram(directory, 'i386')],
  });
});

/** The entry has the newest emulator. */
async function upgraded(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  await registerEntry(laboratory, copyEmulator(laboratory), 'F');
  return laboratory;
}

/** The emulator is on a file system in memory, in the laboratory's mount namespace. */
async function onItsOwnMount(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  const mounted = join(laboratory.directory, 'mounted');
  mkdirSync(mounted);
  await mustSucceed(laboratory, ['mount', '-t', 'tmpfs', 'tmpfs', mounted]);
  await mustSucceed(laboratory, ['cp', copyEmulator(laboratory), mounted]);
  await registerEntry(laboratory, emulatorIn(laboratory, 'mounted'));
  return laboratory;
}
