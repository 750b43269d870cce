import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildLauncher } from '../../src/core/launcher/build-launcher.ts';
import { s390x } from '../../src/core/launcher/hosts/s390x.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { mustSucceed } from '../support/faults/entries.ts';
import { testFault, type InjectedFault } from '../support/faults/fault.ts';
import { exitsWith42, mustRun } from '../support/faults/foreign.ts';
import type { Laboratory } from '../support/faults/laboratory.ts';
import { manyIdsLaboratory } from '../support/faults/many-ids.ts';

/** A setuid program of root's, executed by a user. */
function testSetuidFault(fault: Pick<InjectedFault, 'name' | 'cause' | 'inject'>): void {
  testFault(withSetuidProgram, {
    command: ({ directory }) => [
      ...['setpriv', '--reuid', '1000', '--regid', '1000', '--clear-groups'],
      join(directory, 'mounted/become-root'),
    ],
    works: exitsWith42,
    ask: ({ directory }) => ['--file', join(directory, 'mounted/become-root')],
    isUntold: 'the program ends without a word, and not with 0',
    ...fault,
  });
}

describeWith([needs.root, needs.qemu, needs.hostTable], 'a foreign setuid program', () => {
  testSetuidFault({
    name: 'the entry has no flag C',
    cause: 'setuid-without-credentials',
    inject: (laboratory) => mustRun(laboratory, 'register', 's390x'),
  });

  testSetuidFault({
    name: 'its file system is mounted nosuid',
    cause: 'setuid-on-nosuid',
    inject: ({ directory, ...laboratory }) =>
      mustSucceed({ directory, ...laboratory }, [
        'mount',
        '-o',
        'remount,nosuid',
        join(directory, 'mounted'),
      ]),
  });
});

async function withSetuidProgram(): Promise<Laboratory> {
  const laboratory = await manyIdsLaboratory();
  await mustRun(laboratory, 'register', 's390x', '--credentials');
  const mounted = join(laboratory.directory, 'mounted');
  const path = join(mounted, 'become-root');
  writeFileSync(join(laboratory.directory, 'become-root'), becomeRoot());
  await mustSucceed(laboratory, ['mkdir', mounted]);
  await mustSucceed(laboratory, ['mount', '-t', 'tmpfs', '-o', 'mode=755', 'tmpfs', mounted]);
  await mustSucceed(laboratory, ['install', '-m', '4755', join(laboratory.directory, 'become-root'), path]);
  return laboratory;
}

/** Exits with 42 where it may. */
function becomeRoot(): Uint8Array {
  return buildLauncher(s390x, {
    reportDescriptor: 2,
    steps: [
      { call: 'setresuid', arguments: [0, 0, 0], onError: { goTo: 'refused' } },
      { call: 'exit_group', arguments: [42] },
      { label: 'refused', call: 'exit_group', arguments: [1] },
    ],
  });
}
