import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { succeed } from '../support/command.ts';
import { anyarch } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import type { Guest } from '../support/fixtures/guests.ts';
import { guests } from '../support/fixtures/guests.ts';
import { debianRule } from '../support/fixtures/rules.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith([needs.root, needs.apt, needs.qemu, needs.hostTable], 'argv[0] of a foreign program', () => {
  const table = useHostTable();
  const home = temporaryDirectory('home');

  afterEach(() => {
    table.expectUnchanged();
  });

  describe.each([guests.arm64, guests.s390x])('$debian', (guest) => {
    test('reaches it after anyarch register', async () => {
      expect(await anyarch(['register', guest.platform], { home })).toMatchObject({ exitCode: 0 });
      try {
        expect(await shellName(guest)).toBe('-sh');
        expect(await applet(guest)).toBe(guest.machine);
      } finally {
        expect(await anyarch(['unregister', guest.platform], { home })).toMatchObject({ exitCode: 0 });
      }
    });

    test('does not with a rule without flag P', async () => {
      const { name, text } = await debianRule(guest, 'anyarch-test-argv0', 'F');
      table.register(text);
      try {
        expect(await shellName(guest)).toBe(join(await busyboxRoot(guest), 'bin/sh'));
      } finally {
        table.remove(name);
      }
    });
  });
});

/** What a login shell takes its name to be: `-sh` tells it that it is one. */
async function shellName(guest: Guest): Promise<string> {
  const shell = join(await busyboxRoot(guest), 'bin/sh');
  const started = await succeed(['bash', '-c', 'exec -a -sh "$0" -c \'echo "$0"\'', shell]);
  return started.stdout.trim();
}

/** busybox finds out from argv[0] which of its programs it is. */
async function applet(guest: Guest): Promise<string> {
  const program = join(await busyboxRoot(guest), 'bin/busybox');
  const started = await succeed(['bash', '-c', 'exec -a uname "$0" -m', program]);
  return started.stdout.trim();
}
