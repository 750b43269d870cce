import { describe, expect, it } from 'vitest';
import { decodeUtf8 } from '../core/text.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { register } from '../registration/index.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import { entriesOf, installEmulator, state, systemdHost } from './testing/persistence-host.ts';

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
