import { expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import { run } from '../support/command.ts';
import { anyarch } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { sudoer, sudoRoot } from '../support/fixtures/sudo-root.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith(
  [needs.root, needs.mmdebstrap, needs.qemu, needs.hostTable],
  'sudo in an arm64 root file system',
  () => {
    const table = useHostTable();
    const home = temporaryDirectory('home');

    test('does not start before', async () => {
      const refused = await sudoId();
      expect(refused).toMatchObject({
        exitCode: 126,
        stderr: expect.stringContaining('Exec format error') as string,
      });
    });

    test('cannot gain root when registered without --credentials', async () => {
      expect(await anyarch(['register', 'arm64'], { home })).toMatchObject({ exitCode: 0 });
      const refused = await sudoId();
      expect(refused.exitCode).toBe(1);
      expect(refused.stderr).toContain('effective uid is not 0');
    });

    test('gains root when registered again with --credentials', async () => {
      expect(await anyarch(['register', 'arm64', '--credentials'], { home })).toMatchObject({ exitCode: 0 });
      expect(await sudoId()).toMatchObject({ exitCode: 0, stdout: '0\n' });
    });

    test('loses it when registered again without', async () => {
      expect(await anyarch(['register', 'arm64'], { home })).toMatchObject({ exitCode: 0 });
      expect((await sudoId()).stderr).toContain('effective uid is not 0');
    });

    test('does not start after', async () => {
      expect(await anyarch(['unregister', 'arm64'], { home })).toMatchObject({ exitCode: 0 });
      expect(await sudoId()).toMatchObject({ exitCode: 126 });
      table.expectUnchanged();
    });
  },
);

async function sudoId(): Promise<CommandResult> {
  const user = `--userspec=${sudoer.uid}:${sudoer.gid}`;
  return run(['chroot', user, await sudoRoot(), 'sudo', '--non-interactive', 'id', '-u']);
}
