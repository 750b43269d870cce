import { beforeAll, expect, test } from 'vitest';
import type { CliResult } from '../support/engines/cli.ts';
import { offline, withJson } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import type { UserHome } from '../support/engines/user.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';
import { guests } from '../support/fixtures/guests.ts';

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.testUser],
  'anyarch run without privilege',
  () => {
    const table = useHostTable();
    let home: UserHome;
    let executable: string;

    beforeAll(async () => {
      home = createUserHome();
      executable = await installPackage();
    });

    test.each(Object.values(guests))('$debian', async (guest) => {
      const uname = await anyarchRun(['-a', guest.debian, '--', 'uname', '-m']);
      expect(uname).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
      const shell = await anyarchRun(
        ['-a', guest.debian, '--', 'sh', '-c', 'cat; exit 42'],
        'through a pipe',
      );
      expect(shell).toMatchObject({ exitCode: 42, stdout: 'through a pipe' });
      table.expectUnchanged();
    });

    test('fails where the emulator cannot be found and not be fetched', async () => {
      const environment = { ANYARCH_QEMU_DIR: '/nonexistent', PATH: '/usr/bin:/bin' };
      // A version that nobody has, since root's store serves every user.
      const args = ['run', '-a', 's390x', '--qemu', '1.0', '--no-fetch', '--', 'uname', '-m'];
      const failed = await runAsUser(createUserHome(), [executable, ...args], { environment });
      expect(failed.exitCode).not.toBe(0);
      const stderr = expect.stringContaining('ANYARCH_EMULATOR_NOT_FOUND') as string;
      expect(failed).toMatchObject({ stdout: '', stderr });
    });

    async function anyarchRun(args: readonly string[], input = ''): Promise<CliResult> {
      return withJson(await runAsUser(home, [executable, 'run', ...args], { environment: offline, input }));
    }
  },
);
