import { chownSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeFailure } from '../support/command.ts';
import { withJson, type CliResult } from '../support/engines/cli.ts';
import { containersUser, type ContainersUser } from '../support/engines/containers-user.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { userIds } from '../support/engines/user.ts';
import { busyboxImage } from '../support/fixtures/images.ts';
import { guests } from '../support/fixtures/guests.ts';

const guest = guests.arm64;

describeWith(
  [needs.root, needs.testUser, needs.apt, needs.qemu, needs.hostTable, needs.podman],
  'anyarch build of a user',
  () => {
    // Others must not register for the whole machine meanwhile.
    useHostTable();
    let user: ContainersUser;
    let words: readonly string[];

    beforeAll(async () => {
      user = await containersUser([guest]);
      const directory = join(user.home.directory, 'context');
      mkdirSync(directory);
      const { reference } = await busyboxImage(guest);
      writeFileSync(join(directory, 'Containerfile'), `FROM ${reference}\nRUN uname -m > /machine\n`);
      const { uid, gid } = userIds(user.home.user);
      chownSync(directory, uid, gid);
      words = ['build', '--engine', 'podman', '--platform', guest.platform, '-t', 'app:1', directory];
    });

    afterAll(async () => {
      await user.stop();
    });

    const build = async (...more: readonly string[]): Promise<CliResult> =>
      withJson(
        await user.as([
          user.executable,
          ...words,
          ...more,
          '--json',
          '--',
          '--network',
          'none',
          '--pull=never',
        ]),
      );

    test('is refused as long as the programs do not run, and works once they do', async () => {
      const refused = await build();
      expect(refused.exitCode).toBe(4);
      expect(refused.json()).toMatchObject({
        error: {
          code: 'ANYARCH_BUILD_PLATFORM',
          hint: expect.stringContaining('anyarch rootless enable podman -a arm64') as string,
        },
      });
      const enabled = await user.anyarch(['rootless', 'enable', 'podman', '-a', 'arm64']);
      if (enabled.exitCode !== 0) throw new Error(describeFailure(enabled));
      const built = await build();
      if (built.exitCode !== 0) throw new Error(describeFailure(built));
      expect(built.json()).toMatchObject({
        outcome: 'built',
        stored: [{ name: 'app:1', platforms: [guest.platform] }],
      });
      // The entry is gone with the namespace, and comes back with the build's own container.
      await user.as(['podman', 'system', 'migrate']);
      const again = await build('--no-cache');
      if (again.exitCode !== 0) throw new Error(describeFailure(again));
      const ran = await user.as(['podman', 'run', '--rm', '--network', 'none', 'app:1', 'cat', '/machine']);
      expect(ran).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
    });
  },
);
