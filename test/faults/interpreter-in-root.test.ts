import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { emulator, registeredLaboratory, replaceEntry } from '../support/faults/entries.ts';
import { testFault } from '../support/faults/fault.ts';
import { mustRun } from '../support/faults/foreign.ts';
import type { Laboratory } from '../support/faults/laboratory.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';

describeWith([needs.qemu, needs.hostTable], 'a root file system without the interpreter', () => {
  testFault(withRoot, {
    name: 'the entry has no flag F',
    cause: 'interpreter-not-in-root',
    inject: (laboratory) => mustRun(laboratory, 'register', 's390x', '--no-fix-binary'),
    command: ({ directory }) => ['chroot', join(directory, 'root'), '/bin/true'],
    ask: ({ directory }) => ['--rootfs', join(directory, 'root')],
  });

  testFault(withRoot, {
    name: 'the emulator is linked dynamically',
    cause: 'interpreter-dynamic',
    inject: async (laboratory) => {
      const path = join(laboratory.directory, 'qemu-s390x-dynamic');
      writeFileSync(`${path}.c`, startsEmulator);
      await succeed(['gcc', '-o', path, `${path}.c`]);
      await replaceEntry(laboratory, path, 'F');
    },
    command: ({ directory }) => ['chroot', join(directory, 'root'), '/bin/true'],
    ask: ({ directory }) => ['--rootfs', join(directory, 'root')],
  });
});

async function withRoot(): Promise<Laboratory> {
  const laboratory = await registeredLaboratory();
  const root = await busyboxRoot(guests.s390x);
  cpSync(root, join(laboratory.directory, 'root'), { recursive: true, verbatimSymlinks: true });
  return laboratory;
}

/** On the host it works, because the host has its loader. */
const startsEmulator = `#include <unistd.h>
int main(int argc, char **argv) { argv[0] = "${emulator()}"; execv(argv[0], argv); return 1; }
`;
