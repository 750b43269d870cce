import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/command.ts';
import { anyarch } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { mmdebstrap } from '../support/engines/mmdebstrap.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

// A client that reads the table itself: it looks for flag F in the entry qemu-aarch64.
describeWith([needs.root, needs.mmdebstrap, needs.qemu, needs.hostTable], 'mmdebstrap of arm64', () => {
  const table = useHostTable();
  const home = temporaryDirectory('home');

  test('refuses before', async () => {
    await expectRefusal();
  });

  test('makes a root file system with its own dpkg after anyarch register', async () => {
    expect(await anyarch(['register', 'arm64'], { home })).toMatchObject({ exitCode: 0 });
    const archive = join(temporaryDirectory('mmdebstrap'), 'root.tar');
    expect(await mmdebstrap(guests.arm64, archive)).toMatchObject({ exitCode: 0 });

    const status = await run(['tar', '-xOf', archive, './var/lib/dpkg/status']);
    const packages = status.stdout.split('\n\n').filter((paragraph) => paragraph.startsWith('Package:'));
    expect(packages.length).toBeGreaterThan(10);
    expect(packages.filter((paragraph) => !paragraph.includes('Status: install ok installed'))).toEqual([]);
  });

  test('refuses after anyarch unregister', async () => {
    expect(await anyarch(['unregister', 'arm64'], { home })).toMatchObject({ exitCode: 0 });
    await expectRefusal();
    table.expectUnchanged();
  });

  async function expectRefusal(): Promise<void> {
    const refused = await mmdebstrap(guests.arm64, '/dev/null');
    expect(refused.exitCode).not.toBe(0);
    expect(refused.stderr).toContain('arm64 can neither be executed natively nor via qemu user emulation');
  }
});
