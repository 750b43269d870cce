import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../core/text.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { register, status } from '../registration/index.ts';
import { disable } from './disable.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import { bareHost, entriesOf, state, systemdHost } from './testing/persistence-host.ts';

const read = (host: FakeHost, path: string) => decodeUtf8(host.files.read(path));

const both = { architectures: ['arm64', 's390x'] } as const;

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
      '\n[Unit]\nRequiresMountsFor=/usr/local/lib/anyarch\n',
    );
    expect(host.processes.runs.map(({ command }) => command)).toContainEqual(['systemctl', 'daemon-reload']);
    expect(persistStatus(host).problems).toEqual([]);
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
