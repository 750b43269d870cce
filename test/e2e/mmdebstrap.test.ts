import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/command.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { mmdebstrap } from '../support/engines/mmdebstrap.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';
import { debianRule } from '../support/fixtures/rules.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith([needs.root, needs.mmdebstrap, needs.qemu, needs.hostTable], 'mmdebstrap of arm64', () => {
  const table = useHostTable();

  test('refuses before', async () => {
    const refused = await mmdebstrap(guests.arm64, '/dev/null');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain('arm64 can neither be executed natively nor via qemu user emulation');
  });

  test('makes a root file system with its own dpkg', async () => {
    // mmdebstrap looks for F in the entry of exactly this name.
    const { name, text } = await debianRule(guests.arm64, 'qemu-aarch64');
    table.register(text);
    const archive = join(temporaryDirectory('mmdebstrap'), 'root.tar');
    try {
      const made = await mmdebstrap(guests.arm64, archive);
      expect(made).toMatchObject({ exitCode: 0 });
    } finally {
      table.remove(name);
    }
    const status = await run(['tar', '-xOf', archive, './var/lib/dpkg/status']);
    const packages = status.stdout.split('\n\n').filter((paragraph) => paragraph.startsWith('Package:'));
    expect(packages.length).toBeGreaterThan(10);
    expect(packages.filter((paragraph) => !paragraph.includes('Status: install ok installed'))).toEqual([]);
  });
});
