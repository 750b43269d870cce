import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../core/text.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { register, status } from '../registration/index.ts';
import { disable } from './disable.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import { bareHost, entriesOf, installEmulator, state, systemdHost } from './testing/persistence-host.ts';

const read = (host: FakeHost, path: string) => decodeUtf8(host.files.read(path));

const both = { architectures: ['arm64', 's390x'] } as const;

describe('enable, with systemd', () => {
  it('copies, registers with proof, configures, and writes down what it did', () => {
    const host = systemdHost();
    const report = enable(host, { architectures: ['arm64'], by: 'anyarch persist enable arm64' });
    expect(report).toMatchObject({
      outcome: 'ok',
      init: 'systemd',
      architectures: [{ architecture: 'aarch64', outcome: 'enabled', name: 'qemu-aarch64' }],
      registrations: [{ outcome: 'ok', results: [{ proven: true }] }],
    });
    const lines = read(host, '/etc/binfmt.d/anyarch-aarch64.conf').split('\n');
    expect(lines.at(-2)).toMatch(
      /^:qemu-aarch64:M::\\x7f\\x45.*:\/usr\/local\/lib\/anyarch\/current\/qemu-aarch64:PF$/,
    );
    expect(entriesOf(host).get('qemu-aarch64')).toContain(
      'interpreter /usr/local/lib/anyarch/current/qemu-aarch64\n',
    );
    expect(readPersisted(host, state)).toMatchObject({
      schema: 1,
      init: 'systemd',
      by: 'anyarch persist enable arm64',
      architectures: [
        {
          architecture: 'aarch64',
          name: 'qemu-aarch64',
          rule: lines.at(-2),
          emulator: { version: '11.1.3', path: '/usr/local/lib/anyarch/current/qemu-aarch64' },
        },
      ],
    });
    expect(readPersisted(host, state)?.changing).toBeUndefined();
    expect(persistStatus(host)).toMatchObject({
      outcome: 'ok',
      problems: [],
      architectures: [{ architecture: 'aarch64', survives: true, copy: 'same' }],
    });
  });

  it('keeps everything when it is called again, and so does register', () => {
    const host = systemdHost();
    enable(host, both);
    const before = entriesOf(host);
    const again = enable(host, both);
    expect(again.files.every(({ kind }) => kind === 'keep')).toBe(true);
    expect(again.registrations.flatMap(({ results }) => results.map(({ action }) => action))).toEqual([
      'keep',
      'keep',
    ]);
    const registered = register(host, both);
    expect(registered.results.map(({ action }) => action)).toEqual(['keep', 'keep']);
    expect(entriesOf(host)).toEqual(before);
  });

  it('adds to what is persisted', () => {
    const host = systemdHost();
    enable(host, { architectures: ['s390x'] });
    const report = enable(host, { architectures: ['arm64'] });
    expect(report.architectures.map(({ architecture, outcome }) => [architecture, outcome])).toEqual([
      ['aarch64', 'enabled'],
      ['s390x', 'kept'],
    ]);
    expect(host.files.list('/etc/binfmt.d').toSorted()).toEqual([
      'anyarch-aarch64.conf',
      'anyarch-s390x.conf',
    ]);
    expect(host.files.list('/usr/local/lib/anyarch')).toHaveLength(2);
    expect(persistStatus(host).outcome).toBe('ok');
  });

  it('takes what is registered now, with its flags, when nothing is named', () => {
    const host = systemdHost();
    register(host, { architectures: ['s390x'], credentials: true });
    const report = enable(host, { architectures: 'registered' });
    expect(report.architectures).toMatchObject([{ architecture: 's390x', outcome: 'enabled' }]);
    expect(read(host, '/etc/binfmt.d/anyarch-s390x.conf')).toContain(':POCF\n');
    expect(entriesOf(host).get('qemu-s390x')).toContain('flags: POCF');
  });

  it('takes everything that there is an emulator for where nothing is registered', () => {
    const host = systemdHost();
    const report = enable(host, { architectures: 'registered' });
    expect(report.architectures.map(({ architecture }) => architecture)).toEqual(['aarch64', 's390x']);
  });

  it('reports what has no emulator, and persists the rest', () => {
    const host = systemdHost(['s390x']);
    const report = enable(host, both);
    expect(report.outcome).toBe('partial');
    expect(report.architectures).toMatchObject([
      { architecture: 's390x', outcome: 'enabled' },
      { architecture: 'aarch64', outcome: 'failed', error: { code: 'ANYARCH_EMULATOR_NOT_FOUND' } },
    ]);
    expect(readPersisted(host, state)?.architectures).toHaveLength(1);
  });

  it('changes nothing in a dry run', () => {
    const host = systemdHost();
    const report = enable(host, { ...both, dryRun: true });
    expect(report.files.filter(({ kind }) => kind === 'create').map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/etc/binfmt.d/anyarch-aarch64.conf', '/usr/local/lib/anyarch/current']),
    );
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
    expect(host.files.status(state)).toBeUndefined();
    expect(entriesOf(host)).toEqual(new Map());
  });

  it('swaps the whole set when an emulator is upgraded, and leaves no old one', () => {
    const host = systemdHost();
    enable(host, both);
    const before = host.files.readLink('/usr/local/lib/anyarch/current');
    installEmulator(host, 's390x', '11.2.0');
    expect(persistStatus(host).architectures).toMatchObject([{}, { newer: undefined }]);
    const report = enable(host, { architectures: ['s390x'], qemu: 'system' });
    expect(report.outcome).toBe('ok');
    expect(report.architectures).toMatchObject([{}, { emulator: { version: '11.2.0' } }]);
    const after = host.files.readLink('/usr/local/lib/anyarch/current');
    expect(after).not.toBe(before);
    expect(host.files.list('/usr/local/lib/anyarch').toSorted()).toEqual(['current', after].toSorted());
    const pinned = host.binfmt.fake.entries.map(({ pinned: file }) => file?.inode);
    const current = ['aarch64', 's390x'].map(
      (target) => host.files.status(`/usr/local/lib/anyarch/current/qemu-${target}`)?.inode,
    );
    expect(pinned.toSorted()).toEqual(current.toSorted());
  });
});

describe('enable, among others', () => {
  const theirs = (interpreter: string) =>
    String.raw`:qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:` +
    `${interpreter}:OPF\n`;

  it.each([
    ['qemu-aarch64.conf', 'zz-anyarch-aarch64.conf'],
    ['zz-theirs.conf', 'zzz-anyarch-aarch64.conf'],
    ['zzzz.conf', 'zzzzz-anyarch-aarch64.conf'],
    ['aaa.conf', 'anyarch-aarch64.conf'],
  ])('sorts behind %s', (name, expected) => {
    const host = systemdHost();
    host.files.addFile(`/usr/lib/binfmt.d/${name}`, theirs('/usr/bin/qemu-theirs'));
    enable(host, { architectures: ['arm64'] });
    expect(host.files.list('/etc/binfmt.d')).toEqual([expected]);
    expect(read(host, `/etc/binfmt.d/${expected}`)).toContain('\n:anyarch-aarch64:');
    expect(persistStatus(host)).toMatchObject({
      outcome: 'ok',
      architectures: [{ survives: true, afterBoot: { name: 'anyarch-aarch64' } }],
    });
  });

  it('tells when somebody comes behind us later', () => {
    const host = systemdHost();
    enable(host, both);
    host.addProgram('/usr/bin/qemu-theirs');
    host.files.addFile('/usr/lib/binfmt.d/qemu-aarch64.conf', theirs('/usr/bin/qemu-theirs'));
    expect(persistStatus(host)).toMatchObject({
      outcome: 'partial',
      architectures: [
        { survives: false, afterBoot: { file: '/usr/lib/binfmt.d/qemu-aarch64.conf' } },
        { survives: true },
      ],
    });
    enable(host, { architectures: ['arm64'] });
    expect(persistStatus(host).outcome).toBe('ok');
    expect(host.files.list('/etc/binfmt.d').toSorted()).toEqual([
      'anyarch-s390x.conf',
      'zz-anyarch-aarch64.conf',
    ]);
  });

  it('sees what masks our file', () => {
    const host = systemdHost();
    enable(host, { architectures: ['arm64'] });
    host.files.remove('/etc/binfmt.d/anyarch-aarch64.conf');
    host.files.addLink('/etc/binfmt.d/anyarch-aarch64.conf', '/dev/null');
    expect(persistStatus(host)).toMatchObject({
      outcome: 'failed',
      architectures: [{ survives: false, afterBoot: undefined }],
      problems: [{ code: 'ANYARCH_FILE_CHANGED' }],
    });
    expect(() => enable(host, { architectures: ['arm64'] })).toThrowWithCode('ANYARCH_FILE_CHANGED');
    enable(host, { architectures: ['arm64'], force: true });
    expect(persistStatus(host).outcome).toBe('ok');
    expect(host.files.readLink('/etc/binfmt.d/anyarch-aarch64.conf.anyarch-saved')).toBe('/dev/null');
  });

  it('leaves a file of somebody else, and with it everything, as it was', () => {
    const host = systemdHost();
    host.files.addFile('/etc/binfmt.d/anyarch-s390x.conf', '# mine\n');
    expect(() => enable(host, both)).toThrowWithCode('ANYARCH_FILE_OF_OTHERS');
    expect(read(host, '/etc/binfmt.d/anyarch-s390x.conf')).toBe('# mine\n');
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
    expect(readPersisted(host, state)).toBeUndefined();
    expect(entriesOf(host)).toEqual(new Map());
  });
});

describe('enable, where it cannot be', () => {
  it('needs root', () => {
    const host = { ...systemdHost() };
    const user = { ...host, system: { ...host.system, uid: 1000 } };
    expect(() => enable(user, both)).toThrowWithCode('ANYARCH_PERMISSION');
    expect(() => disable(user, { architectures: 'all' })).toThrowWithCode('ANYARCH_PERMISSION');
  });

  it.each([
    ['nfs4', 'rw'],
    ['fuse.sshfs', 'rw'],
    ['tmpfs', 'rw'],
    ['ext4', 'rw,noexec'],
  ])('refuses %s %s', (type, options) => {
    const host = systemdHost();
    host.files.addFile(
      '/proc/self/mountinfo',
      `22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 0:30 / /usr/local ${options} - ${type} source rw\n`,
    );
    expect(() => enable(host, both)).toThrowWithCode('ANYARCH_PERSIST_PLACE');
    expect(entriesOf(host)).toEqual(new Map());
  });

  it('waits for a local file system that is no root file system', () => {
    const host = systemdHost();
    host.files.addFile(
      '/proc/self/mountinfo',
      '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 8:2 / /usr/local rw - ext4 /dev/sda2 rw\n',
    );
    enable(host, both);
    expect(read(host, '/etc/systemd/system/systemd-binfmt.service.d/anyarch.conf')).toContain(
      '\n[Unit]\nRequiresMountsFor=/usr/local/lib/anyarch /usr/local/lib\n',
    );
    expect(host.processes.runs.map(({ command }) => command)).toContainEqual(['systemctl', 'daemon-reload']);
    disable(host, { architectures: ['s390x'] });
    expect(persistStatus(host).files.map(({ path }) => path)).toContain(
      '/etc/systemd/system/systemd-binfmt.service.d/anyarch.conf',
    );
    disable(host, { architectures: 'all' });
    expect(host.files.status('/etc/systemd')).toBeUndefined();
  });

  it('finds no init, or not the one that is named', () => {
    const host = bareHost();
    expect(() => enable(host, both)).toThrowWithCode('ANYARCH_INIT_UNKNOWN');
    expect(() => enable(host, { ...both, init: 'openrc' })).toThrowWithCode('ANYARCH_INIT_UNKNOWN');
  });

  it('is no second init system', () => {
    const host = systemdHost();
    host.files.addFile('/sbin/openrc-run', '', { mode: 0o755 });
    enable(host, both);
    const before = host.files.list('/etc/binfmt.d');
    expect(() => enable(host, { ...both, init: 'openrc' })).toThrowWithCode('ANYARCH_PERSISTED_OTHERWISE');
    expect(host.files.list('/etc/binfmt.d')).toEqual(before);
    disable(host, { architectures: 'all' });
    expect(enable(host, { ...both, init: 'openrc' }).init).toBe('openrc');
  });

  it.each(['', '{"schema":1', '{"schema":1,"init":"upstart","architectures":[]}', '[1]'])(
    'leaves a damaged record as it is: %j',
    (text) => {
      const host = systemdHost();
      host.files.addFile(`${state}/persistence.json`, text);
      expect(() => enable(host, both)).toThrowWithCode('ANYARCH_STATE_INVALID');
      expect(() => persistStatus(host)).toThrowWithCode('ANYARCH_STATE_INVALID');
      expect(read(host, `${state}/persistence.json`)).toBe(text);
    },
  );

  it('decides nothing by the time', () => {
    const host = systemdHost();
    host.clock.advance(1e12);
    enable(host, both);
    host.clock.advance(-2e12);
    expect(enable(host, both).outcome).toBe('ok');
    expect(persistStatus(host).outcome).toBe('ok');
    expect(disable(host, { architectures: 'all' }).outcome).toBe('ok');
  });

  it('goes back to what was before when an emulator does not run', () => {
    const host = systemdHost();
    enable(host, both);
    const before = {
      link: host.files.readLink('/usr/local/lib/anyarch/current'),
      document: readPersisted(host, state),
    };
    const path = '/usr/bin/qemu-s390x';
    host.addProgram(path, 'broken', () => ({ kind: 'signalled', signal: 11 }));
    host.processes.on([path, '--version'], { stdout: 'qemu-s390x version 12.0.0\n' });
    expect(() => enable(host, { architectures: ['s390x'], qemu: 'system' })).toThrowWithCode(
      'ANYARCH_PROBE_FAILED',
    );
    expect(host.files.readLink('/usr/local/lib/anyarch/current')).toBe(before.link);
    expect(readPersisted(host, state)).toEqual(before.document);
    expect(persistStatus(host).outcome).toBe('ok');
    expect(status(host, { probe: true }).entries.map(({ proof }) => proof?.status)).toEqual([
      'proven',
      'proven',
    ]);
  });

  it('gives what was only registered its own emulator again when another one does not run', () => {
    const host = systemdHost();
    enable(host, { architectures: ['s390x'] });
    register(host, { architectures: ['arm64'] });
    const path = '/usr/bin/qemu-s390x';
    host.addProgram(path, 'broken', () => ({ kind: 'signalled', signal: 11 }));
    host.processes.on([path, '--version'], { stdout: 'qemu-s390x version 12.0.0\n' });
    expect(() => enable(host, { ...both, qemu: 'system' })).toThrowWithCode('ANYARCH_PROBE_FAILED');
    expect(entriesOf(host).get('qemu-aarch64')).toContain('interpreter /usr/bin/qemu-aarch64\n');
    expect(persistStatus(host)).toMatchObject({ outcome: 'ok', architectures: [{ architecture: 's390x' }] });
  });
});

describe('disable', () => {
  it('leaves nothing of ours but the entries, which get an emulator that stays', () => {
    const host = systemdHost();
    const before = host.files.list('/etc');
    enable(host, both);
    const report = disable(host, { architectures: 'all' });
    expect(report.architectures.map(({ outcome }) => outcome)).toEqual(['disabled', 'disabled']);
    expect(host.files.list('/etc')).toEqual(before);
    expect(host.files.list('/usr/local/lib')).toEqual([]);
    expect(readPersisted(host, state)).toBeUndefined();
    expect(entriesOf(host).get('qemu-s390x')).toContain('interpreter /usr/bin/qemu-s390x\n');
    expect(persistStatus(host)).toMatchObject({ outcome: 'ok', init: undefined });
  });

  it('says so where entries keep running what the kernel has pinned', () => {
    const host = systemdHost();
    enable(host, both);
    host.files.remove('/usr/bin/qemu-s390x');
    const report = disable(host, { architectures: ['s390x'] });
    expect(report.notes).toEqual([expect.stringContaining('s390x: registered until the next reboot')]);
    expect(host.files.list('/etc/binfmt.d')).toEqual(['anyarch-aarch64.conf']);
    expect(status(host, { probe: true }).entries.map(({ proof }) => proof?.status)).toEqual([
      'proven',
      'proven',
    ]);
    expect(persistStatus(host)).toMatchObject({
      outcome: 'ok',
      architectures: [{ architecture: 'aarch64' }],
    });
  });

  it('removes entries with `now`', () => {
    const host = systemdHost();
    enable(host, both);
    disable(host, { architectures: ['arm64'], now: true });
    expect([...entriesOf(host).keys()]).toEqual(['qemu-s390x']);
  });

  it('has nothing to do', () => {
    const host = systemdHost();
    expect(disable(host, { architectures: ['arm64'] })).toMatchObject({
      outcome: 'ok',
      architectures: [{ outcome: 'absent' }],
    });
    expect(host.files.status(state)).toBeUndefined();
  });

  it('changes nothing in a dry run', () => {
    const host = systemdHost();
    enable(host, both);
    const report = disable(host, { architectures: 'all', dryRun: true });
    expect(report.files.every(({ kind }) => kind === 'remove')).toBe(true);
    expect(persistStatus(host).outcome).toBe('ok');
    expect(readPersisted(host, state)?.changing).toBeUndefined();
  });
});
