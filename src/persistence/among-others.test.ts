import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../core/text.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import { entriesOf, state, systemdHost } from './testing/persistence-host.ts';

const read = (host: FakeHost, path: string) => decodeUtf8(host.files.read(path));

const both = { architectures: ['arm64', 's390x'] } as const;

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
