import { chmodSync, copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { attackRequirement, buildAttack } from '../support/attack.ts';
import { anyarch } from '../support/engines/cli.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';
import { installPackage } from '../support/engines/package.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const versionOne = {
  missing: () =>
    existsSync('/sys/fs/cgroup/pids/cgroup.procs') ? undefined : 'needs control groups of version 1',
};

const attacks = ['remount', 'trace', 'join', 'tree', 'nested'] as const;

describeWith([attackRequirement, needs.qemu], 'what is read-only for a guest that attacks', () => {
  const home = temporaryDirectory('home');
  let attack: string;
  let volume: string;

  beforeAll(() => {
    attack = buildAttack();
    chmodSync(dirname(attack), 0o755);
    volume = temporaryDirectory('volume');
    chmodSync(volume, 0o755);
  });

  const environment = { ANYARCH_QEMU_DIR: process.env['ANYARCH_TEST_QEMU_DIR'] };
  const runHere = (...args: string[]): Promise<CliResult> =>
    anyarch(['run', '--no-fetch', ...args], { home, environment });

  const script = (target: string): string =>
    `for how in ${attacks.join(' ')}; do echo "$how: $(${attack} $how 1 ${target})"; done`;
  const refused = [
    'remount: EPERM',
    'trace: EPERM',
    'join: setns: EPERM',
    'tree: open_tree: EPERM',
    'nested: EPERM',
  ];
  const lines = ({ stdout }: { readonly stdout: string }): string[] => stdout.trim().split('\n');

  it('is made writable by the same means where nothing is promised', async () => {
    // A process that may mount is in the guest's reach there: its own.
    const twin = `mount --bind ${volume} ${volume}; mount -o remount,bind,ro ${volume}
      sleep 5 & sleep 0.1; touch ${volume}/x || echo closed; ${attack} trace $! ${volume}; touch ${volume}/x && echo open
      mount -o remount,bind,ro ${volume}; ${attack} remount 1 ${volume}; ${attack} tree 1 ${volume}; kill $!`;
    const result = await runHere('--', 'sh', '-c', twin);
    expect(lines(result)).toEqual(['closed', 'done', 'open', 'done', 'done']);
  });

  it('stays so with --read-only', async () => {
    expect(lines(await runHere('--read-only', '--', 'sh', '-c', script('/')))).toEqual(refused);
  });

  it('stays so for a volume', async () => {
    const result = await runHere('-v', `${volume}:${volume}:ro`, '--', 'sh', '-c', script(volume));
    expect(lines(result)).toEqual(refused);
  });

  it('stays so when the guest sees the processes outside', async () => {
    const outer = temporaryDirectory('proc');
    const find = `for process in ${outer}/[0-9]*; do
        if grep -qsz '^anyarch-run$' $process/cmdline; then grep -h ^CapPrm $process/status; fi
      done`;
    const result = await runHere(
      '-v',
      `/proc:${outer}`,
      '-v',
      `${volume}:${volume}:ro`,
      '--',
      'sh',
      '-c',
      find,
    );
    // The one that waits outside and init.
    expect(lines(result)).toEqual(['CapPrm:\t0000000000000000', 'CapPrm:\t0000000000000000']);
  });

  describeWith([needs.testUser, needs.root], 'as an unprivileged user', () => {
    it('stays so, with one id and with many', async () => {
      const executable = await installPackage();
      const user = createUserHome();
      for (const options of [[], ['--map-auto']]) {
        const words = ['run', '--no-fetch', ...options, '-v', `${volume}:${volume}:ro`];
        const result = await runAsUser(user, [executable, ...words, '--', 'sh', '-c', script(volume)], {
          environment,
        });
        expect(lines(result)).toEqual(refused);
      }
    });
  });

  describeWith([needs.root], 'as root with a root of its own', () => {
    let root: string;

    beforeAll(() => {
      root = temporaryDirectory('root');
      copyFileSync(attack, join(root, 'attack'));
    });

    const inside = (how: string, target: string, ...options: string[]): Promise<CliResult> =>
      runHere('-a', 'x86_64', '--rootfs', root, ...options, '--', '/attack', how, '1', target);

    it('stays so for the settings of the kernel', async () => {
      for (const how of attacks) expect((await inside(how, '/proc/sys')).stdout).toMatch(/^(\w+: )?EPERM\n$/);
    });

    describeWith([versionOne], 'and with limits', () => {
      it('stays so for those', async () => {
        const limited = ['--pids-limit', '20'];
        expect((await inside('trace', '/sys/fs/cgroup/pids', ...limited)).stdout).toBe('EPERM\n');
        const words = [
          '-a',
          'x86_64',
          '--rootfs',
          root,
          ...limited,
          '--',
          '/attack',
          'groups',
          'pids',
          'pids.max',
        ];
        expect((await runHere(...words)).stdout).toBe('unshare: ENOSPC\n');
        // Among the host's own files nothing of that is promised.
        const open = await runHere(...limited, '--', attack, 'groups', 'pids', 'pids.max');
        expect(open.stdout).toBe('done\n');
      });
    });
  });
});
