import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { atOnce, registeredLaboratory } from '../support/faults/entries.ts';
import { testFault } from '../support/faults/fault.ts';
import type { Laboratory } from '../support/faults/laboratory.ts';
import { dynamicRoot } from '../support/fixtures/dynamic-root.ts';
import { guests } from '../support/fixtures/guests.ts';

describeWith([needs.qemu, needs.hostTable, needs.apt], 'a dynamically linked program', () => {
  testMissing({ cause: 'loader-missing', path: 'usr/lib/ld64.so.1' });
  testMissing({ cause: 'library-missing', path: 'usr/lib/s390x-linux-gnu/libc.so.6' });
});

/** The path is that of a file of the root file system, which is removed and has to be installed again. */
function testMissing({ cause, path }: { readonly cause: string; readonly path: string }): void {
  testFault(withRoot, {
    name: `its root file system has no ${path}`,
    cause,
    inject: ({ directory }) =>
      atOnce(() => {
        rmSync(join(directory, 'root', path));
      }),
    command: ({ directory }) => ['chroot', join(directory, 'root'), '/usr/bin/hello'],
    works: ({ stdout }) => stdout === 'Hello, world!\n',
    ask: ({ directory }) => [
      '--rootfs',
      join(directory, 'root'),
      '--file',
      join(directory, 'root/usr/bin/hello'),
    ],
    remedy: ({ directory }) => copyRoot(directory),
  });
}

async function withRoot(): Promise<Laboratory> {
  const laboratory = await registeredLaboratory();
  await copyRoot(laboratory.directory);
  return laboratory;
}

async function copyRoot(directory: string): Promise<void> {
  const root = await dynamicRoot(guests.s390x);
  cpSync(root, join(directory, 'root'), { recursive: true, verbatimSymlinks: true });
}
