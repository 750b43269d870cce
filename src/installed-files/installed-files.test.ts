import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { applyFiles, installedFiles, planFiles } from './index.ts';
import { sha256 } from './sha256.ts';
import { conf, copy, kinds, link, prepared, read, state } from './testing/wanted-files.ts';

describe('applyFiles', () => {
  it('makes files, copies and links, keeps them, replaces them, and removes what is not wanted any more', () => {
    const host = prepared();
    expect(kinds(applyFiles(host, state, 'persistence', [conf('a', '1'), copy, link]))).toEqual([
      'create',
      'create',
      'create',
    ]);
    expect(read(host, '/usr/local/lib/anyarch/current/qemu-arm')).toBe('emulator');
    expect(host.files.status(copy.path)?.mode).toBe(0o755);
    expect(kinds(applyFiles(host, state, 'persistence', [conf('a', '1'), copy, link]))).toEqual([
      'keep',
      'keep',
      'keep',
    ]);
    expect(kinds(applyFiles(host, state, 'persistence', [conf('a', '2')]))).toEqual([
      'replace',
      'remove',
      'remove',
    ]);
    expect(read(host, '/etc/binfmt.d/a.conf')).toBe('2');
    expect(installedFiles(host, state)).toEqual([
      {
        path: '/etc/binfmt.d/a.conf',
        feature: 'persistence',
        identity: `sha256:${sha256(encodeUtf8('2'))}`,
        state: 'same',
      },
    ]);
  });

  it('installs nothing at a path that is not absolute', () => {
    const host = prepared();
    const wanted = [conf('a', '1'), { path: 'undefined/binfmt.sh', content: 'exit 0\n' }];
    expect(() => applyFiles(host, state, 'persistence', wanted)).toThrow('undefined/binfmt.sh');
    expect(installedFiles(host, state)).toEqual([]);
    expect(host.files.status('/etc/binfmt.d/a.conf')).toBeUndefined();
  });

  it('leaves nothing behind, neither directories that it made nor its own record', () => {
    const host = prepared();
    applyFiles(host, state, 'persistence', [copy, link, conf('a', '1')]);
    applyFiles(host, state, 'persistence', []);
    expect(host.files.list('/usr/local/lib')).toEqual([]);
    expect(host.files.list('/etc/binfmt.d')).toEqual(['theirs.conf']);
    expect(host.files.list(state)).toEqual([]);
  });

  it('keeps a directory that somebody has put something into', () => {
    const host = prepared();
    applyFiles(host, state, 'persistence', [copy]);
    host.files.addFile('/usr/local/lib/anyarch/note', 'mine');
    applyFiles(host, state, 'persistence', []);
    expect(host.files.list('/usr/local/lib/anyarch')).toEqual(['note']);
  });

  it('writes nothing at all when one file is somebody else’s, also with force', () => {
    const host = prepared();
    const wanted = [conf('a', '1'), conf('theirs', 'ours')];
    for (const force of [false, true]) {
      expect(() => applyFiles(host, state, 'persistence', wanted, { force })).toThrowWithCode(
        'ANYARCH_FILE_OF_OTHERS',
      );
    }
    expect(host.files.list('/etc/binfmt.d')).toEqual(['theirs.conf']);
    expect(read(host, '/etc/binfmt.d/theirs.conf')).toBe('theirs');
    expect(planFiles(host, state, 'persistence', wanted).map(({ kind }) => kind)).toEqual([
      'create',
      'refuse',
    ]);
  });

  it('takes a file over that is byte for byte what it writes', () => {
    const host = prepared();
    expect(kinds(applyFiles(host, state, 'persistence', [conf('theirs', 'theirs')]))).toEqual(['keep']);
    expect(installedFiles(host, state)).toMatchObject([{ state: 'same' }]);
  });

  it.each([
    ['replacing', [conf('a', '2')], ['replace']],
    ['removing', [], ['remove']],
  ])('keeps what somebody changed, and with force a copy of it, when %s', (_, wanted, expected) => {
    const host = prepared();
    applyFiles(host, state, 'persistence', [conf('a', '1')]);
    host.files.addFile('/etc/binfmt.d/a.conf', 'edited');
    host.files.addFile('/etc/binfmt.d/a.conf.anyarch-saved', 'saved before');
    expect(installedFiles(host, state)).toMatchObject([{ state: 'changed' }]);
    expect(() => applyFiles(host, state, 'persistence', wanted)).toThrowWithCode('ANYARCH_FILE_CHANGED');
    expect(read(host, '/etc/binfmt.d/a.conf')).toBe('edited');
    expect(kinds(applyFiles(host, state, 'persistence', wanted, { force: true }))).toEqual(expected);
    expect(read(host, '/etc/binfmt.d/a.conf.anyarch-saved')).toBe('saved before');
    expect(read(host, '/etc/binfmt.d/a.conf.anyarch-saved-2')).toBe('edited');
    expect(host.files.status('/etc/binfmt.d/a.conf')?.size).toBe(wanted.length === 0 ? undefined : 1);
  });

  it('gives what was deleted back, and mends a mode', () => {
    const host = prepared();
    applyFiles(host, state, 'persistence', [conf('a', '1'), copy]);
    host.files.remove('/etc/binfmt.d/a.conf');
    host.files.addFile(copy.path, 'emulator', { mode: 0o644 });
    expect(installedFiles(host, state).map((one) => one.state)).toEqual(['missing', 'same']);
    expect(kinds(applyFiles(host, state, 'persistence', [conf('a', '1'), copy]))).toEqual([
      'create',
      'replace',
    ]);
    expect(host.files.status(copy.path)?.mode).toBe(0o755);
  });

  it('keeps features apart', () => {
    const host = prepared();
    applyFiles(host, state, 'watch', [conf('w', '1')]);
    applyFiles(host, state, 'persistence', []);
    expect(read(host, '/etc/binfmt.d/w.conf')).toBe('1');
    expect(() => applyFiles(host, state, 'persistence', [conf('w', '2')])).toThrowWithCode(
      'ANYARCH_FILE_OF_OTHERS',
    );
  });

  it('refuses a copy that is not what was promised', () => {
    const host = prepared();
    const wrong = { ...copy, content: { copyOf: '/store/qemu', sha256: '0'.repeat(64) } };
    expect(() => applyFiles(host, state, 'persistence', [conf('a', '1'), wrong])).toThrowWithCode(
      'ANYARCH_DIGEST_MISMATCH',
    );
    expect(host.files.list('/usr/local/lib')).toEqual([]);
    expect(host.files.list('/etc/binfmt.d')).toEqual(['theirs.conf']);
  });

  it.each([
    '',
    '{"schema":1,"files":',
    '[]',
    '{"schema":2,"files":[],"directories":[]}',
    '{"schema":1,"files":[{}]}',
  ])('changes nothing when its record is damaged: %j', (text) => {
    const host = prepared();
    host.files.addFile(`${state}/installed.json`, text);
    expect(() => applyFiles(host, state, 'persistence', [conf('a', '1')])).toThrowWithCode(
      'ANYARCH_STATE_INVALID',
    );
    expect(read(host, `${state}/installed.json`)).toBe(text);
    expect(host.files.list('/etc/binfmt.d')).toEqual(['theirs.conf']);
  });

  it('removes what an atomic write left when it was killed, and nothing that only looks like it', () => {
    const host = prepared();
    applyFiles(host, state, 'persistence', [conf('a', '1')]);
    host.files.addFile('/etc/binfmt.d/a.conf.123-4-mabc12.tmp', 'half');
    host.files.addFile('/etc/binfmt.d/theirs.conf.123-4-mabc12.tmp', 'theirs');
    applyFiles(host, state, 'persistence', [conf('a', '2')]);
    expect(host.files.list('/etc/binfmt.d')).toEqual([
      'theirs.conf',
      'a.conf',
      'theirs.conf.123-4-mabc12.tmp',
    ]);
  });
});

describe('where nothing can be written for good', () => {
  const release = (host: FakeHost, text: string) => host.files.addFile('/etc/os-release', text);
  const refusal = (host: FakeHost) => planFiles(host, state, 'persistence', [conf('a', '1')])[0]?.error;

  it('refuses where the system makes its files from a description', () => {
    const host = prepared();
    release(host, 'NAME=NixOS\nID=nixos\nPRETTY_NAME="NixOS 25.11"\n');
    expect(refusal(host)).toMatchObject({ code: 'ANYARCH_READ_ONLY_SYSTEM' });
    expect(refusal(host)?.message).toContain('NixOS 25.11');
    expect(refusal(host)?.hint).toContain('boot.binfmt.emulatedSystems');
  });

  it.each([
    ['ID="opensuse-microos"\n', 'transactional-update'],
    ['ID=flatcar\n', 'Ignition'],
    ['ID=fedora\nOSTREE_VERSION=43\n', '/etc and /usr/local belong to the machine'],
    ['ID=debian\n', 'mount -o remount,rw'],
  ])('says what to do instead: %j', (text, advice) => {
    const host = prepared();
    release(host, text);
    expect(refusal(host)).toBeUndefined();
    host.files.addFile(
      '/proc/self/mountinfo',
      '22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n30 22 8:1 /x /etc ro,relatime - ext4 /dev/sda1 rw\n',
    );
    expect(refusal(host)).toMatchObject({ code: 'ANYARCH_READ_ONLY_SYSTEM' });
    expect(refusal(host)?.hint).toContain(advice);
  });

  it('finds out by writing where the mounts do not tell', () => {
    const host = prepared();
    host.files.fail({ errno: 'EROFS', method: 'writeAtomic', path: /binfmt\.d/ });
    expect(() => applyFiles(host, state, 'persistence', [conf('a', '1')])).toThrowWithCode(
      'ANYARCH_READ_ONLY_SYSTEM',
    );
  });
});
