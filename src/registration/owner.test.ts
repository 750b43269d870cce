import { describe, expect, test } from 'vitest';
import { othersRules } from '../../test/data/others.ts';
import { formatEntry, parseEntry } from '../core/entry.ts';
import { parseRule } from '../core/rule.ts';
import type { FileStatus } from '../host/files.ts';
import { fakeHost } from '../host/testing/index.ts';
import { readDescribed } from './described.ts';
import { emptyLedger } from './ledger.ts';
import { ownerOf, type OwnerEvidence } from './owner.ts';
import type { TableEntry } from './table.ts';

const nothing: OwnerEvidence = {
  ledger: emptyLedger,
  place: { boot: 'b', userNamespace: 'u' },
  described: [],
  stores: ['/var/lib/anyarch/store/sha256/'],
};

function listed(name: string, interpreter: string, match = 'offset 0\nmagic 7f454c46\n'): TableEntry {
  const text = `enabled\ninterpreter ${interpreter}\nflags: \n${match}`;
  return { name, text, entry: parseEntry(name, text) };
}

const digest = 'a1'.repeat(32);

test.each([
  ['qemu-aarch64', '/usr/bin/qemu-aarch64-static', 'predecessor'],
  ['qemu-aarch64', '/usr/bin/qemu-aarch64', 'predecessor'],
  ['qemu-arm', '/usr/libexec/qemu-binfmt/arm-binfmt-P', 'binfmt-support'],
  ['qemu-arm', '/qus/bin/qemu-arm-static', 'predecessor'],
  ['qemu-arm', '/opt/mine/qemu-arm', 'unknown'],
  ['my-arm', '/usr/bin/qemu-arm-static', 'unknown'],
  ['qemu-arm', '/var/lib/anyarch/store/sha256/aa/qemu-arm', 'anyarch'],
  ['anything', '/var/lib/anyarch/store/sha256/aa/qemu-arm', 'anyarch'],
  ['qemu-arm', '/var/lib/anyarch-of-others/store/sha256/aa/qemu-arm', 'unknown'],
  ['qemu-arm', '/var/lib/anyarch/qemu-arm', 'unknown'],
  ['anything', `/home/me/.local/share/anyarch/store/sha256/${digest}/qemu-arm`, 'anyarch'],
  ['qemu-arm', `/srv/home/store/sha256/${digest}/qemu-arm`, 'anyarch'],
  ['qemu-arm', `/srv/home/store/sha256/${digest}/other`, 'unknown'],
  ['qemu-arm', `/srv/home/store/sha256/${digest}/qemu-arm/more`, 'unknown'],
  ['qemu-arm', `/srv/home/sha256/${digest}/qemu-arm`, 'unknown'],
  ['qemu-arm', `/srv/home/store/sha256/${digest}0/qemu-arm`, 'unknown'],
  ['anyarch-arm', '/usr/bin/qemu-arm', 'anyarch'],
  ['anyarch-arm-next', '/usr/bin/qemu-arm', 'anyarch'],
  ['anyarch', '/usr/bin/qemu-arm', 'unknown'],
  ['WSLInterop', '/init', 'wsl'],
  ['WSLInterop-late', '/init', 'wsl'],
  ['RosettaLinux', '/media/psf/RosettaLinux/rosetta', 'rosetta'],
  ['qemu-x86_64', '/mnt/lima-rosetta/rosetta', 'rosetta'],
  ['FEX-x86_64', '/usr/bin/FEXInterpreter', 'fex'],
  ['box64', '/usr/bin/box64', 'box64'],
  ['DOSWin', '/usr/bin/wine', 'wine'],
  ['jar', '/usr/bin/jexec', 'java'],
  ['python3.11', '/usr/bin/python3.11', 'python'],
  ['qemu-arm', '/usr/local/lib/anyarch/current/qemu-arm', 'anyarch'],
  ['qemu-arm', '/usr/local/lib/anyarch-of-others/qemu-arm', 'unknown'],
  ['hangover', '/usr/bin/hangover', 'wine'],
  ['aarch64-linux', '/nix/store/x/bin/qemu-aarch64', 'unknown'],
])('%s with interpreter %s: %s', (name, interpreter, kind) => {
  expect(ownerOf(listed(name, interpreter), nothing).kind).toBe(kind);
});

test.each(othersRules)('$who', ({ rule, owner }) => {
  const parsed = parseRule(rule);
  const text = formatEntry({ ...parsed, enabled: true });
  const entry = parseEntry(parsed.name, text);
  expect(ownerOf({ name: parsed.name, text, entry }, nothing).kind).toBe(owner);
});

test('an extension rule is nobody’s predecessor', () => {
  expect(ownerOf(listed('qemu-arm', '/usr/bin/qemu-arm', 'extension .arm\n'), nothing).kind).toBe('unknown');
});

test('an entry that cannot be read is unknown, even by our name', () => {
  expect(ownerOf({ name: 'anyarch-arm', text: '?', entry: undefined }, nothing).kind).toBe('unknown');
});

describe('described by files', () => {
  const rule = (interpreter: string) => `:qemu-arm:M::\\x7fELF::${interpreter}:F`;
  const owner = (files: Record<string, string>, interpreter: string) => {
    const host = fakeHost();
    for (const [path, content] of Object.entries(files)) host.files.addFile(path, content);
    return ownerOf(listed('qemu-arm', interpreter), { ...nothing, described: readDescribed(host) });
  };

  test('systemd-binfmt', () => {
    const file = { '/usr/lib/binfmt.d/qemu.conf': `# comment\n\n${rule('/usr/bin/qemu-arm')}\n` };
    expect(owner(file, '/usr/bin/qemu-arm')).toEqual({
      kind: 'systemd-binfmt',
      evidence: '/usr/lib/binfmt.d/qemu.conf',
    });
    expect(owner(file, '/usr/bin/qemu-arm-static').kind).toBe('predecessor');
  });

  test('a file in /etc masks that of the same name in /usr/lib', () => {
    const files = { '/etc/binfmt.d/qemu.conf': '', '/usr/lib/binfmt.d/qemu.conf': rule('/usr/bin/qemu-arm') };
    expect(owner(files, '/usr/bin/qemu-arm').kind).toBe('predecessor');
  });

  test('a line that we cannot read still names its entry', () => {
    expect(owner({ '/run/binfmt.d/x.conf': ':qemu-arm:X:strange' }, '/usr/bin/qemu-arm').kind).toBe(
      'systemd-binfmt',
    );
  });

  test('binfmt-support', () => {
    const format = 'qemu-user\nmagic\n0\n\\x7fELF\n\n/usr/bin/qemu-arm\n\nyes\n\nyes\n';
    expect(owner({ '/var/lib/binfmts/qemu-arm': format }, '/usr/bin/qemu-arm').kind).toBe('binfmt-support');
    expect(owner({ '/var/lib/binfmts/qemu-arm': format }, '/usr/lib/binfmt-support/run-detectors').kind).toBe(
      'binfmt-support',
    );
    expect(owner({ '/var/lib/binfmts/qemu-arm': format }, '/usr/bin/qemu-arm-static').kind).toBe(
      'predecessor',
    );
  });

  const qemu = '/usr/bin/qemu-arm';

  test.each(['/etc/binfmt.d/anyarch-qemu.conf', '/etc/binfmt.d/zz-anyarch-qemu.conf'])(
    'a file of ours makes nothing the distribution’s: %s',
    (file) => {
      expect(owner({ [file]: rule(qemu) }, qemu).kind).toBe('predecessor');
      expect(owner({ [file]: rule(qemu), '/usr/lib/binfmt.d/qemu.conf': rule(qemu) }, qemu).evidence).toBe(
        '/usr/lib/binfmt.d/qemu.conf',
      );
      const persisted = '/usr/local/lib/anyarch/current/qemu-arm';
      expect(owner({ [file]: rule(persisted) }, persisted).kind).toBe('anyarch');
    },
  );

  test('OpenRC’s service, by the flags that it gives', () => {
    const script = { '/etc/init.d/qemu-binfmt': '#!/sbin/openrc-run\n: ${QEMU_BINFMT_FLAGS:=OC}\n' };
    const withF = { '/etc/conf.d/qemu-binfmt': '# QEMU_BINFMT_FLAGS="OC"\nQEMU_BINFMT_FLAGS="OCF"\n' };
    const ownerWith = (files: Record<string, string>, flags: string, interpreter = qemu) => {
      const host = fakeHost();
      for (const [path, content] of Object.entries(files)) host.files.addFile(path, content);
      const text = `enabled\ninterpreter ${interpreter}\nflags: ${flags}\noffset 0\nmagic 7f454c46\n`;
      const entry = { name: 'qemu-arm', text, entry: parseEntry('qemu-arm', text) };
      return ownerOf(entry, { ...nothing, described: readDescribed(host) });
    };
    expect(ownerWith(script, 'OC')).toEqual({ kind: 'openrc', evidence: '/etc/init.d/qemu-binfmt' });
    expect(ownerWith({}, 'OC').kind).toBe('predecessor');
    // An image's entry on such a machine.
    expect(ownerWith(script, 'OCF').kind).toBe('predecessor');
    expect(ownerWith({ ...script, ...withF }, 'OCF').kind).toBe('openrc');
    expect(ownerWith(script, 'OC', '/usr/bin/qemu-arm-static').kind).toBe('predecessor');
  });

  test('described for both registrars: by the flags', () => {
    const files = {
      '/usr/lib/binfmt.d/qemu-arm.conf': ':qemu-arm:M::\\x7fELF::/usr/bin/qemu-arm:OPF',
      '/var/lib/binfmts/qemu-arm':
        'qemu-user-static\nmagic\n0\n\\x7fELF\n\n/usr/bin/qemu-arm\n\n\nyes\nyes\n',
    };
    const host = fakeHost();
    for (const [path, content] of Object.entries(files)) host.files.addFile(path, content);
    const kindWith = (flags: string) => {
      const text = `enabled\ninterpreter /usr/bin/qemu-arm\nflags: ${flags}\noffset 0\nmagic 7f454c46\n`;
      const entry = { name: 'qemu-arm', text, entry: parseEntry('qemu-arm', text) };
      return ownerOf(entry, { ...nothing, described: readDescribed(host) }).kind;
    };
    expect([kindWith('POF'), kindWith('PF'), kindWith('F')]).toEqual([
      'systemd-binfmt',
      'binfmt-support',
      'systemd-binfmt',
    ]);
  });

  test('only what is a file, and not too long, is opened', () => {
    const host = fakeHost();
    const path = '/etc/binfmt.d/x.conf';
    host.files.addFile(path, rule('/usr/bin/qemu-arm'));
    const describedWith = (changes: Partial<FileStatus>) => {
      const { files } = host;
      let reads = 0;
      const status: typeof files.status = (of) => {
        const found = files.status(of);
        return found === undefined || of !== path ? found : { ...found, ...changes };
      };
      const count = <T>(action: () => T): T => {
        reads += 1;
        return action();
      };
      const read: typeof files.read = (of) => count(() => files.read(of));
      const readAt: typeof files.readAt = (of, ...part) => count(() => files.readAt(of, ...part));
      const described = readDescribed({ ...host, files: { ...files, status, read, readAt } });
      return { described: described.length, reads };
    };
    expect(describedWith({})).toEqual({ described: 1, reads: 1 });
    // A pipe, or a device such as /dev/zero.
    expect(describedWith({ kind: 'other', size: 0 })).toEqual({ described: 0, reads: 0 });
    expect(describedWith({ size: 1024 * 1024 + 1 })).toEqual({ described: 0, reads: 0 });
  });
});
