import { describe, expect, it } from 'vitest';
import { status } from '../registration/index.ts';
import { disable } from './disable.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import { entriesOf, state, systemdHost } from './testing/persistence-host.ts';

const both = { architectures: ['arm64', 's390x'] } as const;

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
