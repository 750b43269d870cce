import { describe, expect, it } from 'vitest';
import { parseRule } from '../core/rule.ts';
import { disable } from './disable.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import {
  addBinfmtSupport,
  debianHost,
  formatText,
  openrcHost,
  systemdHost,
} from './testing/persistence-host.ts';

const theirs = parseRule(
  String.raw`:qemu-aarch64:M::\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00:\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff:/usr/bin/qemu-theirs:OPF`,
);
const arm64 = { architectures: ['arm64'] };

describe('a format of somebody else', () => {
  it('wins under systemd, which enable says with what helps', () => {
    const host = debianHost();
    host.addProgram('/usr/bin/qemu-theirs');
    host.files.addFile('/var/lib/binfmts/qemu-aarch64', formatText('qemu-user-static', theirs));
    const report = enable(host, { ...arm64, init: 'systemd' });
    expect(report).toMatchObject({
      outcome: 'partial',
      architectures: [
        {
          outcome: 'overruled',
          error: {
            code: 'ANYARCH_PERSIST_CLASH',
            hint: expect.stringContaining('apt remove qemu-user-static') as string,
          },
        },
      ],
    });
    const [status] = persistStatus(host).architectures;
    expect(status?.error).toEqual(report.architectures[0]?.error);
    host.files.remove('/var/lib/binfmts/qemu-aarch64');
    expect(persistStatus(host).outcome).toBe('ok');
  });

  it('does not count where the unit of binfmt-support is masked, or its emulator is gone', () => {
    const host = debianHost();
    host.addProgram('/usr/bin/qemu-theirs');
    host.files.addFile('/var/lib/binfmts/qemu-aarch64', formatText('qemu-user-static', theirs));
    enable(host, { ...arm64, init: 'systemd' });
    host.files.addLink('/etc/systemd/system/binfmt-support.service', '/dev/null');
    expect(persistStatus(host).outcome).toBe('ok');
    host.files.remove('/etc/systemd/system/binfmt-support.service');
    expect(persistStatus(host).outcome).toBe('failed');
    host.files.remove('/usr/bin/qemu-theirs');
    expect(persistStatus(host).outcome).toBe('ok');
  });

  it('is a clash for binfmt-support however it is spelled, when it comes later', () => {
    const host = debianHost();
    host.files.addFile(
      '/var/lib/binfmts/zz-theirs',
      formatText('qemu-user-static', theirs).replace(String.raw`\x7f\x45`, String.raw`\x7FE`),
    );
    expect(() => enable(host, { ...arm64, init: 'debian' })).toThrowWithCode('ANYARCH_PERSIST_CLASH');
    host.files.rename('/var/lib/binfmts/zz-theirs', '/var/lib/binfmts/aa-theirs');
    expect(enable(host, { ...arm64, init: 'debian' }).outcome).toBe('ok');
  });
});

describe('who calls the shell program', () => {
  it('counts under OpenRC', () => {
    const host = openrcHost();
    enable(host, arm64);
    expect(persistStatus(host).outcome).toBe('ok');
    host.files.remove('/etc/runlevels/default/anyarch-binfmt');
    expect(persistStatus(host)).toMatchObject({ outcome: 'failed', architectures: [{ survives: false }] });
  });

  it('counts under systemd without systemd-binfmt, also once that is there again', () => {
    const host = systemdHost();
    const mask = '/etc/systemd/system/systemd-binfmt.service';
    host.files.addLink(mask, '/dev/null');
    enable(host, arm64);
    expect(persistStatus(host).outcome).toBe('ok');
    host.files.remove(mask);
    expect(persistStatus(host)).toMatchObject({ outcome: 'ok', architectures: [{ survives: true }] });
    host.files.remove('/etc/systemd/system/sysinit.target.wants/anyarch-binfmt.service');
    expect(persistStatus(host)).toMatchObject({ architectures: [{ survives: false }] });
  });

  it('is nobody where binfmt-support was installed for another reason', () => {
    const host = openrcHost();
    addBinfmtSupport(host);
    enable(host, arm64);
    expect(persistStatus(host)).toMatchObject({ init: 'openrc', outcome: 'ok' });
    disable(host, { architectures: 'all' });
  });
});

describe('what status looks at', () => {
  const copy = '/usr/local/lib/anyarch/current/qemu-aarch64';

  it('a copy that may not be executed', () => {
    const host = systemdHost();
    enable(host, arm64);
    host.files.addFile(host.files.resolve(copy), host.files.read(copy), { mode: 0o644 });
    expect(persistStatus(host)).toMatchObject({
      outcome: 'failed',
      architectures: [{ copy: 'unusable', survives: false }],
    });
    enable(host, arm64);
    expect(persistStatus(host).outcome).toBe('ok');
  });

  it('the mounts that the unit waits for', () => {
    const host = systemdHost();
    enable(host, arm64);
    host.files.addFile(
      '/proc/self/mountinfo',
      '22 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 22 8:2 / /usr/local rw - ext4 /dev/sda2 rw\n',
    );
    expect(persistStatus(host).problems).toMatchObject([
      { message: expect.stringContaining('systemd-binfmt.service.d/anyarch.conf') as string },
    ]);
    enable(host, arm64);
    expect(persistStatus(host).outcome).toBe('ok');
  });

  it.each([
    ['/usr/local/lib/anyarch', 0o777, 0],
    ['/usr/local/lib/anyarch', 0o755, 1000],
    ['/usr/local/lib', 0o775, 0],
  ])('who can write to %s (mode %o, owner %d), and so does enable', (path, mode, uid) => {
    const host = systemdHost();
    enable(host, arm64);
    expect(persistStatus(host).problems).toEqual([]);
    host.files.addDirectory(path, { mode, uid });
    expect(persistStatus(host).problems.map(({ code }) => code)).toContain('ANYARCH_EMULATOR_UNTRUSTED');
    expect(() => enable(host, arm64)).toThrowWithCode('ANYARCH_EMULATOR_UNTRUSTED');
    expect(disable(host, { architectures: 'all' }).outcome).toBe('ok');
  });

  it('a directory that is not there yet is made by nobody else', () => {
    const host = systemdHost();
    host.files.addDirectory('/usr/local/lib', { mode: 0o777 });
    expect(() => enable(host, arm64)).toThrowWithCode('ANYARCH_EMULATOR_UNTRUSTED');
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
  });
});
