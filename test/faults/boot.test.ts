import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { mustSucceed } from '../support/faults/entries.ts';
import { testFault } from '../support/faults/fault.ts';
import { mustRun } from '../support/faults/foreign.ts';
import { privateLaboratory, type Laboratory } from '../support/faults/laboratory.ts';

describeWith([needs.root, needs.qemu, needs.hostTable, needs.systemdBinfmt], 'a next boot', () => {
  testFault(persistedLaboratory, {
    name: 'the copy that is registered at boot is gone',
    cause: 'persistence-broken',
    inject: (laboratory) => mustSucceed(laboratory, ['rm', '/usr/local/lib/anyarch/current/qemu-s390x']),
    command: () => ['anyarch', 'persist', 'status'],
    remedy: 'fix',
  });

  testFault(persistedLaboratory, {
    name: 'the file that systemd reads at boot is gone',
    cause: 'persistence-broken',
    inject: (laboratory) => mustSucceed(laboratory, ['rm', '/etc/binfmt.d/anyarch-s390x.conf']),
    command: () => ['anyarch', 'persist', 'status'],
    remedy: 'command',
  });
});

/** s390x is registered at boot by a systemd whose files are this laboratory's. */
async function persistedLaboratory(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  for (const directory of ['/etc/binfmt.d', '/etc/systemd/system', '/usr/lib/binfmt.d', '/usr/local/lib']) {
    const outside = join(laboratory.directory, 'place', directory);
    mkdirSync(outside, { recursive: true });
    await mustSucceed(laboratory, ['mount', '--bind', outside, directory]);
  }
  await mustRun(laboratory, 'persist', 'enable', 's390x', '--init', 'systemd');
  return laboratory;
}
