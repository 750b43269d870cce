import { expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import { run } from '../support/command.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';
import { debianRule } from '../support/fixtures/rules.ts';
import { sudoer, sudoRoot } from '../support/fixtures/sudo-root.ts';

describeWith(
  [needs.root, needs.mmdebstrap, needs.qemu, needs.hostTable],
  'sudo in an arm64 root file system',
  () => {
    const table = useHostTable();

    test('gains root with flag C', async () => {
      await withRule('FPOC', async () => {
        expect(await sudoId()).toMatchObject({ exitCode: 0, stdout: '0\n' });
      });
    });

    test('does not without', async () => {
      await withRule('FPO', async () => {
        const refused = await sudoId();
        expect(refused.exitCode).toBe(1);
        expect(refused.stderr).toContain('effective uid is not 0');
      });
    });

    async function withRule(flags: string, action: () => Promise<void>): Promise<void> {
      const { name, text } = await debianRule(guests.arm64, 'anyarch-test-arm64', flags);
      table.register(text);
      try {
        await action();
      } finally {
        table.remove(name);
      }
    }
  },
);

async function sudoId(): Promise<CommandResult> {
  const user = `--userspec=${sudoer.uid}:${sudoer.gid}`;
  return run(['chroot', user, await sudoRoot(), 'sudo', '--non-interactive', 'id', '-u']);
}
