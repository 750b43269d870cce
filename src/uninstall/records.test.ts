import { beforeEach, describe, expect, test } from 'vitest';
import { state, uninstallMachine, type UninstallMachine } from './testing/uninstall-machine.ts';

const system = '/usr/local/lib/anyarch';
const emulator = `${system}/current/qemu-s390x`;
const format = '/var/lib/binfmts/qemu-s390x';
const persistNote = '# Made by "anyarch persist enable", removed by "anyarch persist disable".';
const watchNote = '# Made by "anyarch watch enable", removed by "anyarch watch disable".';

let at: UninstallMachine;
beforeEach(() => {
  at = uninstallMachine();
});

/** As binfmt-support writes it: package, type, offset, magic, mask, interpreter, detector, credentials, preserve, fix_binary. */
function addFormat(path: string, owner: string, interpreter = emulator): void {
  at.host.files.addFile(path, `${owner}\nmagic\n0\nabcd\n\n${interpreter}\n\nyes\n\nyes\n`);
}

function addEmulators(): void {
  at.host.files.addFile(`${system}/emulators-0123456789ab/qemu-s390x`, 'emulator');
  at.host.files.addFile(`${system}/emulators-0123456789ab/s390x.json`, '{"schema":1}');
  at.host.files.addLink(`${system}/current`, 'emulators-0123456789ab');
}

/** What it does to the database. */
function scriptUpdateBinfmts(): void {
  at.host.processes.on(['update-binfmts', '--package', 'anyarch', '--remove'], (command) => {
    at.host.files.remove(`/var/lib/binfmts/${command[4] ?? ''}`);
    return {};
  });
}

describe("formats of binfmt-support's", () => {
  test.each([
    ['a damaged record', '{'],
    [
      'one of a killed command',
      '{"schema":1,"init":"debian","architectures":[],"at":"","by":"","changing":true}',
    ],
    ['no record', undefined],
  ])('go before the emulators that they name: %s', async (_what, record) => {
    scriptUpdateBinfmts();
    const before = at.tree();
    addFormat('/var/lib/binfmts/python3', 'python3-minimal', '/usr/bin/python3');
    const kept = at.tree();
    addFormat(format, 'anyarch');
    addEmulators();
    if (record !== undefined) at.host.files.addFile(`${state}/persistence.json`, record);
    const { outcome, removed, left } = await at.run();
    expect({ outcome, left }).toEqual({ outcome: 'ok', left: [] });
    expect(removed[0]).toEqual({ kind: 'configuration', subject: format });
    expect(at.tree()).toEqual(kept);
    expect(kept).not.toEqual(before);
  });

  test('of a binfmt-support that is gone, too', async () => {
    addFormat(format, 'anyarch');
    addEmulators();
    expect(await at.run()).toMatchObject({ outcome: 'ok' });
    expect(at.host.files.status(format)).toBeUndefined();
  });

  test('that stay hold up the emulators and the records', async () => {
    at.host.processes.on(['update-binfmts'], { exitCode: 2, stderr: 'read-only\n' });
    addFormat(format, 'anyarch');
    addEmulators();
    at.host.files.addFile(`${state}/persistence.json`, '{');
    const { outcome, left } = await at.run();
    expect(outcome).not.toBe('ok');
    expect(left).toMatchObject([
      {
        subject: format,
        error: { code: 'ANYARCH_FILE', hint: expect.stringContaining('update-binfmts --package') as string },
      },
      { subject: state },
    ]);
    expect(at.host.files.status(emulator)).toBeDefined();
    expect(at.host.files.status(`${state}/persistence.json`)).toBeDefined();
  });
});

describe('files that no record tells of', () => {
  const files: Readonly<Record<string, string>> = {
    '/etc/binfmt.d/anyarch-s390x.conf': `${persistNote}\n:qemu-s390x:M::abcd::${emulator}:F\n`,
    '/etc/binfmt.d/zz-anyarch-arm.conf': `${persistNote}\n:qemu-arm:M::abce::${system}/current/qemu-arm:F\n`,
    '/etc/systemd/system/anyarch-watch.service': `${watchNote}\n\n[Unit]\n`,
    '/etc/init.d/anyarch-binfmt': `#!/sbin/openrc-run\n${persistNote}\n`,
    '/etc/sv/anyarch-watch/run': `#!/bin/sh\n${watchNote}\n`,
    [`${system}/bin/anyarch`]: 'program',
    [`${system}/binfmt.sh`]: 'script',
    [`${system}/rules/qemu-s390x`]: 'rule',
  };

  test('are known by what they say', async () => {
    for (const path of [
      '/etc/binfmt.d',
      '/etc/systemd/system/multi-user.target.wants',
      '/etc/init.d',
      '/etc/sv',
    ])
      at.host.files.addDirectory(path);
    const before = at.tree();
    for (const [path, content] of Object.entries(files)) at.host.files.addFile(path, content);
    const link = '/etc/systemd/system/multi-user.target.wants/anyarch-watch.service';
    at.host.files.addLink(link, '/etc/systemd/system/anyarch-watch.service');
    addEmulators();
    const planned = await at.run({ dryRun: true });
    const done = await at.run();
    expect({ outcome: done.outcome, left: done.left }).toEqual({ outcome: 'ok', left: [] });
    const subjects = ({ removed }: typeof done) =>
      removed
        .flatMap(({ kind, subject }) => (kind === 'directory' || subject.startsWith(state) ? [] : [subject]))
        .toSorted();
    expect(subjects(planned)).toEqual(subjects(done));
    expect(done.removed).toContainEqual({ kind: 'service', subject: link });
    expect(at.tree()).toEqual(before);
  });

  test('and stay where they say nothing of the kind', async () => {
    const theirs = {
      '/etc/binfmt.d/anyarch-mine.conf': ':mine:M::abcd::/usr/bin/mine:F\n',
      '/etc/binfmt.d/jar.conf': `${persistNote}\n`,
      '/etc/systemd/system/anyarch-watch.service': '[Unit]\n',
    };
    for (const [path, content] of Object.entries(theirs)) at.host.files.addFile(path, content);
    at.host.files.addLink('/etc/service/anyarch-watch', '/srv/mine');
    const before = at.tree();
    expect(await at.run()).toMatchObject({ outcome: 'ok', removed: [] });
    expect(at.tree()).toEqual(before);
  });

  test('that somebody changed stay without force, with the emulators', async () => {
    const conf = '/etc/binfmt.d/anyarch-s390x.conf';
    at.host.files.addFile(conf, `${files[conf] ?? ''}:more:E::more::/usr/bin/more:\n`);
    addEmulators();
    expect(await at.run()).toMatchObject({
      left: [{ subject: conf, error: { code: 'ANYARCH_FILE_CHANGED' } }],
    });
    expect(at.host.files.status(emulator)).toBeDefined();
    expect(await at.run({ force: true })).toMatchObject({ left: [{ subject: `${conf}.anyarch-saved` }] });
    expect(at.host.files.status(system)).toBeUndefined();
  });
});

describe("somebody else's configuration that names our emulators", () => {
  test.each([
    ['/etc/binfmt.d/mine.conf', `# mine\n:mine:M::abcd::${emulator}:F\n`],
    ['/var/lib/binfmts/mine', `:\nmagic\n0\nabcd\n\n${emulator}\n\nyes\n\nyes\n`],
  ])('keeps them: %s', async (path, content) => {
    at.host.files.addFile(path, content);
    addEmulators();
    expect(await at.run()).toMatchObject({
      outcome: 'failed',
      left: [{ subject: path, error: { code: 'ANYARCH_FILE_OF_OTHERS' } }],
    });
    expect(at.host.files.status(emulator)).toBeDefined();
    expect(await at.run({ force: true })).toMatchObject({ outcome: 'ok' });
    expect(at.host.files.status(path)).toBeDefined();
    expect(at.host.files.status(system)).toBeUndefined();
  });

  test('unless it is a comment', async () => {
    at.host.files.addFile('/etc/binfmt.d/mine.conf', `# ${emulator}\n`);
    addEmulators();
    expect(await at.run()).toMatchObject({ outcome: 'ok', left: [] });
  });
});
