import { beforeEach, describe, expect, test } from 'vitest';
import { sha, state, uninstallMachine, type UninstallMachine } from './testing/uninstall-machine.ts';

let at: UninstallMachine;
beforeEach(() => {
  at = uninstallMachine();
});

describe('processes that use it', () => {
  const process = (
    pid: number,
    program: string,
    words: readonly string[] = [program],
    environment = '',
  ): void => {
    at.host.files.addLink(`/proc/${pid}/exe`, program);
    at.host.files.addFile(`/proc/${pid}/cmdline`, words.join('\0'));
    at.host.files.addFile(`/proc/${pid}/environ`, environment);
  };
  const start = '/opt/anyarch/dist/cli/start.cjs';

  test.each([
    ['an emulated program', `${state}/store/sha256/${sha}/qemu-s390x`, undefined],
    ['one whose emulator was replaced', `${state}/store/sha256/${sha}/qemu-s390x (deleted)`, undefined],
    ['a guest', '/root/.cache/anyarch/launcher/0123456789abcdef', ['anyarch-run']],
    ['a program that runs after each boot', '/usr/local/lib/anyarch/emulators-0a/qemu-arm', undefined],
    ['another command', '/usr/bin/node', ['node', start, 'watch']],
  ])('are named, and nothing is touched: %s', async (_what, program, words) => {
    at.addEverything();
    process(77, program, words);
    const before = at.tree();
    await expect(at.run()).rejects.toMatchObject({ code: 'ANYARCH_IN_USE' });
    await expect(at.run()).rejects.toThrow('77 (');
    expect(at.tree()).toEqual(before);
    expect((await at.run({ dryRun: true })).users).toMatchObject([{ pid: 77 }]);
    expect(await at.run({ force: true })).toMatchObject({ outcome: 'ok', users: [{ pid: 77 }] });
  });

  test('a command that is probing counts, whoever has its number later does not', async () => {
    at.host.files.addFile('/dev/shm/anyarch-probe-77-4026531836-1/s390x', '');
    process(77, '/usr/bin/node', ['/anyarch', 'register']);
    await expect(at.run()).rejects.toThrow('77 (/dev/shm/anyarch-probe-77-4026531836-1)');
    process(77, '/usr/bin/vi', ['vi']);
    expect(await at.run()).toMatchObject({ outcome: 'ok', users: [] });
  });

  test('what brings an image to the disk, which may take minutes, keeps nothing from going', async () => {
    at.addEverything();
    const launcher = '/root/.cache/anyarch/launcher/0123456789abcdef';
    const image = `${state}/images/${sha}`;
    process(78, launcher, [launcher, image, `${image}/unsettled`, '']);
    expect(await at.run()).toMatchObject({ outcome: 'ok', users: [] });
  });

  test("root's commands that are probing do not keep a user from it", async () => {
    const user = uninstallMachine({ system: { uid: 1000, environment: { HOME: '/home/user' } } });
    const { files } = user.host;
    const directory = '/dev/shm/anyarch-probe-77-4026531836-1';
    files.addLink('/proc/self/ns/pid', 'pid:[4026531836]');
    files.addFile('/proc/77/cmdline', 'anyarch');
    files.addDirectory(directory, { uid: 0 });
    expect((await user.run({ dryRun: true })).users).toEqual([]);
    // The twin.
    files.addDirectory(directory, { uid: 1000 });
    expect((await user.run({ dryRun: true })).users).toMatchObject([{ pid: 77 }]);
  });

  test('others do not count, nor does this one', async () => {
    process(77, '/usr/bin/qemu-s390x');
    process(78, '/usr/bin/node', ['node', start, 'watch'], 'A=1\0ANYARCH_HOME=/elsewhere\0');
    process(100, '/usr/bin/node', ['node', start, 'uninstall']);
    at.host.files.addDirectory('/proc/80');
    expect(await at.run()).toMatchObject({ outcome: 'ok', users: [] });
  });
});

describe('the watching service', () => {
  const program = '/usr/local/lib/anyarch/bin/anyarch';
  beforeEach(() => {
    at.install();
    at.host.files.addLink('/proc/79/exe', program);
  });

  test('is stopped where its init is at work', async () => {
    at.host.files.addDirectory('/run/systemd/system');
    at.host.processes.on(['systemctl'], {});
    expect(await at.run()).toMatchObject({ outcome: 'ok', users: [] });
    expect(at.host.processes.runs.map(({ command }) => command)).toContainEqual([
      'systemctl',
      'stop',
      'anyarch-watch.service',
    ]);
  });

  test('is in the way where nobody stops it', async () => {
    await expect(at.run()).rejects.toThrow(`79 (${program})`);
    expect(at.host.files.status(program)).toBeDefined();
  });
});
