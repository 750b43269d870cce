import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { copyEmulator, registeredLaboratory, replaceEntry } from '../support/faults/entries.ts';
import { testFault } from '../support/faults/fault.ts';
import type { Laboratory } from '../support/faults/laboratory.ts';
import { busybox } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';

describeWith([needs.qemu, needs.hostTable], 'flag P', () => {
  testFault(withBusybox, {
    name: 'a wrapper script stands between the kernel and the emulator',
    cause: 'arguments-shifted',
    isUntold: 'the help of any program that was called wrongly',
    inject: async (laboratory) => {
      const wrapper = join(laboratory.directory, 'wrapper');
      const started = copyEmulator(laboratory);
      writeFileSync(wrapper, `#!/bin/sh\nexec ${started} "$@"\n`, { mode: 0o755 });
      await replaceEntry(laboratory, wrapper, 'P');
    },
    command: ({ directory }) => [join(directory, 'uname'), '-m'],
    works: ({ stdout }) => stdout === 's390x\n',
    ask: ({ directory }) => ['--file', join(directory, 'uname')],
  });

  testFault(withBusybox, {
    name: 'a program that goes by its name does not know it',
    cause: 'argv0-lost',
    inject: (laboratory) => replaceEntry(laboratory, copyEmulator(laboratory), 'F'),
    command: ({ directory }) => ['bash', '-c', 'exec -a uname "$0" -m', join(directory, 'busybox')],
    works: ({ stdout }) => stdout === 's390x\n',
    ask: ({ directory }) => ['--file', join(directory, 'busybox')],
  });
});

async function withBusybox(): Promise<Laboratory> {
  const laboratory = await registeredLaboratory();
  for (const name of ['busybox', 'uname'])
    cpSync(await busybox(guests.s390x), join(laboratory.directory, name));
  return laboratory;
}
