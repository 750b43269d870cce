import { describe, expect, it } from 'vitest';
import type { FakeHost } from '../host/testing/index.ts';
import { register, unregister } from '../registration/index.ts';
import { disable } from './disable.ts';
import { readPersisted } from './document.ts';
import { enable } from './enable.ts';
import { persistStatus } from './status.ts';
import {
  debianHost,
  entriesOf,
  installEmulator,
  openrcHost,
  state,
  systemdHost,
} from './testing/persistence-host.ts';

const both = { architectures: ['arm64', 's390x'] } as const;
const documentPath = `${state}/persistence.json`;

function writeDocument(host: FakeHost, changes: object): void {
  const document = readPersisted(host, state);
  host.files.addFile(documentPath, JSON.stringify({ ...document, ...changes }));
}

describe('what no record tells of', () => {
  it('a format of binfmt-support goes with a document that knows of none', () => {
    const host = debianHost();
    enable(host, { ...both, init: 'debian' });
    expect(host.files.list('/var/lib/binfmts')).toHaveLength(2);
    writeDocument(host, { architectures: [], changing: true });
    disable(host, { architectures: 'all' });
    expect(host.files.list('/var/lib/binfmts')).toEqual([]);
    expect(host.files.status(documentPath)).toBeUndefined();
    expect(entriesOf(host).get('qemu-s390x')).toContain('interpreter /usr/bin/qemu-s390x\n');
  });

  it('the entries go, too, with `now`', () => {
    for (const make of [systemdHost, debianHost, openrcHost]) {
      const host = make();
      enable(host, { ...both, ...(make === debianHost ? { init: 'debian' } : {}) });
      writeDocument(host, { architectures: [], changing: true });
      disable(host, { architectures: 'all', now: true });
      expect(entriesOf(host)).toEqual(new Map());
    }
  });

  it('the formats of others stay', () => {
    const host = debianHost();
    const python = 'python3.11\nmagic\n0\n\\xa7\\x0d\\x0d\\x0a\n\n/usr/bin/python3.11\n\n\n\n\n';
    host.files.addFile('/var/lib/binfmts/python3.11', python);
    host.files.addFile('/var/lib/binfmts/mine', python.replace('python3.11', 'anyarch'));
    enable(host, { ...both, init: 'debian' });
    disable(host, { architectures: 'all' });
    expect(host.files.list('/var/lib/binfmts').toSorted()).toEqual(['mine', 'python3.11']);
  });

  it('a command that was killed keeps its init', () => {
    const host = debianHost();
    enable(host, { architectures: ['arm64'], init: 'debian' });
    writeDocument(host, { architectures: [], changing: true });
    expect(enable(host, { architectures: ['arm64'] }).init).toBe('debian');
    expect(host.files.status('/etc/binfmt.d')).toBeUndefined();
  });

  it('what was intended is completed, and told by status', () => {
    const host = systemdHost();
    enable(host, both);
    writeDocument(host, {
      architectures: [],
      changing: true,
      intended: readPersisted(host, state)?.architectures,
    });
    expect(persistStatus(host).problems).toMatchObject([
      { code: 'ANYARCH_STATE_INVALID', hint: expect.stringContaining('enable completes') as string },
    ]);
    const report = enable(host, { architectures: ['arm64'] });
    expect(report.architectures.map(({ architecture }) => architecture)).toEqual(['aarch64', 's390x']);
    expect(readPersisted(host, state)).not.toHaveProperty('intended');
  });

  it.each(['{', ''])('a damaged document %j holds up no removal of everything', (text) => {
    const host = debianHost();
    enable(host, { ...both, init: 'debian' });
    host.files.addFile(documentPath, text);
    expect(() => disable(host, { architectures: ['arm64'] })).toThrowWithCode('ANYARCH_STATE_INVALID');
    const report = disable(host, { architectures: 'all' });
    expect(report.notes).toEqual([expect.stringContaining(documentPath)]);
    expect(host.files.list('/var/lib/binfmts')).toEqual([]);
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
    expect(host.files.status(documentPath)).toBeUndefined();
  });

  it.each([systemdHost, openrcHost])('files are recognised without the list of them', (make) => {
    const host = make();
    enable(host, both);
    const conf = '/etc/binfmt.d/zz-mine.conf';
    host.files.addFile(conf, '# mine\n');
    host.files.rename(`${state}/installed.json`, `${state}/installed.json.damaged`);
    const again = enable(host, both);
    expect(again.files.every(({ kind }) => kind === 'keep')).toBe(true);
    expect(again.registrations.flatMap(({ results }) => results.map(({ action }) => action))).toEqual([
      'keep',
      'keep',
    ]);
    host.files.remove(`${state}/installed.json`);
    disable(host, { architectures: 'all' });
    expect(host.files.list('/etc').toSorted()).toEqual(expect.arrayContaining(['binfmt.d']));
    expect(host.files.list('/etc/binfmt.d')).toEqual(['zz-mine.conf']);
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
    expect(host.files.linkStatus('/etc/runlevels/default/anyarch-binfmt')).toBeUndefined();
  });

  it('a file that only looks like ours is not taken for it', () => {
    const host = systemdHost();
    enable(host, { architectures: ['arm64'] });
    const rule = ':theirs:M::BC::/usr/bin/true:\n';
    const note = '# Made by "anyarch persist enable", removed by "anyarch persist disable".\n';
    host.files.addFile('/etc/binfmt.d/anyarch-s390x.conf', note + rule);
    disable(host, { architectures: 'all' });
    expect(host.files.list('/etc/binfmt.d')).toEqual(['anyarch-s390x.conf']);
  });
});

describe('one of several', () => {
  it('leaves the others as they are, also what is missing or changed', () => {
    const host = systemdHost();
    enable(host, both);
    host.files.remove('/usr/local/lib/anyarch/current/qemu-s390x');
    host.files.addFile('/etc/binfmt.d/anyarch-s390x.conf', '# changed\n');
    const report = disable(host, { architectures: ['arm64'] });
    expect(report.notes).toEqual([expect.stringContaining('s390x: the emulator is missing')]);
    expect(host.files.list('/etc/binfmt.d')).toEqual(['anyarch-s390x.conf']);
    expect(persistStatus(host)).toMatchObject({
      outcome: 'failed',
      architectures: [{ architecture: 's390x', copy: 'missing', survives: false }],
    });
    enable(host, { architectures: ['s390x'], force: true });
    expect(persistStatus(host).outcome).toBe('ok');
  });

  it('is refused before anything is changed', () => {
    const host = systemdHost();
    enable(host, both);
    host.files.addFile('/etc/binfmt.d/anyarch-s390x.conf', '# changed\n');
    const before = readPersisted(host, state);
    expect(() => disable(host, { architectures: ['s390x'] })).toThrowWithCode('ANYARCH_FILE_CHANGED');
    expect(readPersisted(host, state)).toEqual(before);
  });
});

describe('flags', () => {
  const flagsAt = (host: FakeHost) =>
    readPersisted(host, state)?.architectures.map(({ rule }) => rule.slice(rule.lastIndexOf(':') + 1));

  it('what is registered now counts, and a change is told', () => {
    const host = systemdHost();
    enable(host, both);
    register(host, { architectures: ['arm64'], credentials: true });
    const report = enable(host, { architectures: ['arm64'] });
    expect(flagsAt(host)).toEqual(['POCF', 'PF']);
    expect(report.notes).toEqual([expect.stringContaining('arm64: flags POCF at boot from now on, PF')]);

    register(host, { architectures: ['arm64'], credentials: false });
    enable(host, { architectures: 'registered' });
    expect(flagsAt(host)).toEqual(['PF', 'PF']);
  });

  it('what is asked for counts more', () => {
    const host = systemdHost();
    enable(host, { ...both, credentials: true });
    expect(flagsAt(host)).toEqual(['POCF', 'POCF']);
    enable(host, { architectures: ['arm64'], credentials: false });
    expect(flagsAt(host)).toEqual(['PF', 'POCF']);
  });

  it('what is persisted, where nothing is registered', () => {
    const host = systemdHost();
    enable(host, { architectures: ['arm64'], credentials: true });
    unregister(host, { architectures: 'all' });
    const report = enable(host, { architectures: 'registered' });
    expect(report.architectures.map(({ architecture }) => architecture)).toEqual(['aarch64']);
    expect(flagsAt(host)).toEqual(['POCF']);
  });
});

describe('a failed first enable', () => {
  it('leaves entries without flag F their own emulator', () => {
    const host = systemdHost();
    register(host, { architectures: ['arm64'], fixBinary: false });
    host.files.fail({ errno: 'ENOSPC', path: /^\/etc\/binfmt\.d\//, method: 'writeAtomic' });
    expect(() => enable(host, { architectures: ['arm64'] })).toThrowWithCode('ANYARCH_DISK_FULL');
    expect(entriesOf(host).get('qemu-aarch64')).toContain('interpreter /usr/bin/qemu-aarch64\nflags: P\n');
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
  });

  it('leaves nothing when everything was refused', () => {
    const host = systemdHost([]);
    const report = enable(host, both);
    expect(report).toMatchObject({ outcome: 'failed', files: [] });
    expect(host.files.status(documentPath)).toBeUndefined();

    installEmulator(host, 's390x', '11.1.3');
    host.addProgram('/usr/bin/qemu-s390x', 'broken', () => ({ kind: 'signalled', signal: 11 }));
    const failed = enable(host, { architectures: ['s390x'] });
    expect(failed.outcome).toBe('failed');
    expect(failed.files.filter(({ kind }) => kind === 'create')).toEqual([]);
    expect(host.files.status(documentPath)).toBeUndefined();
    expect(host.files.status('/usr/local/lib/anyarch')).toBeUndefined();
  });
});
