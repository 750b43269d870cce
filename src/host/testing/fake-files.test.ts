import { describe, expect, it } from 'vitest';
import { errnoThrownBy } from '../../../test/contract/errno.ts';
import { describeFiles } from '../../../test/contract/files.ts';
import { describeLinks } from '../../../test/contract/links.ts';
import { fakeFiles } from './fake-files.ts';

const tmpfsMagic = 0x01021994;

describeFiles('the fake', () => {
  const files = fakeFiles();
  files.addDirectory('/work');
  files.mount('/small', { type: tmpfsMagic, capacity: 65_536 });
  files.mount('/noexec', { type: tmpfsMagic, noExecute: true });
  files.addFile('/noexec/program', '', { mode: 0o755 });
  files.mount('/readonly', { type: tmpfsMagic, readOnly: true });
  files.addFile('/readonly/present', '');
  return {
    files,
    directory: '/work',
    smallDirectory: '/small',
    readOnlyDirectory: '/readonly',
    noExecuteDirectory: '/noexec',
    smallType: tmpfsMagic,
  };
});

describeLinks('the fake', () => {
  const files = fakeFiles();
  files.addDirectory('/work');
  return {
    files,
    directory: '/work',
    addLink: (path, target) => {
      files.addLink(path, target);
    },
  };
});

describe('fakeFiles', () => {
  it('checks permissions for everybody but root', () => {
    const files = fakeFiles({ uid: 1000, gid: 1000 });
    files.addFile('/etc/secret', 'x', { mode: 0o600 });
    files.addFile('/private/inside', 'x');
    files.addDirectory('/private', { mode: 0o700 });
    files.addFile('/home/mine', 'x', { uid: 1000, mode: 0o600 });
    files.addFile('/home/group', 'x', { gid: 1000, mode: 0o640 });
    expect(errnoThrownBy(() => files.read('/etc/secret'))).toBe('EACCES');
    expect(errnoThrownBy(() => files.read('/private/inside'))).toBe('EACCES');
    expect(
      errnoThrownBy(() => {
        files.writeAtomic('/etc/new', new Uint8Array());
      }),
    ).toBe('EACCES');
    expect(
      errnoThrownBy(() => {
        files.writeOnce('/home/group', new Uint8Array());
      }),
    ).toBe('EACCES');
    expect(
      errnoThrownBy(() => {
        files.remove('/home/mine');
      }),
    ).toBe('EACCES');
    expect(files.read('/home/mine')).toHaveLength(1);
    expect(files.read('/home/group')).toHaveLength(1);
    files.credentials.uid = 0;
    expect(files.read('/etc/secret')).toHaveLength(1);
  });

  it('fails on demand, as often as asked', () => {
    const files = fakeFiles();
    files.addFile('/a', 'x');
    files.fail({ errno: 'EIO', method: 'read', path: /^\/a/, times: 1 });
    expect(errnoThrownBy(() => files.sha256('/a'))).toBeUndefined();
    expect(errnoThrownBy(() => files.read('/a'))).toBe('EIO');
    expect(errnoThrownBy(() => files.read('/a'))).toBeUndefined();
    files.fail({ errno: 'ENOSPC', method: 'writeAtomic' });
    expect(
      errnoThrownBy(() => {
        files.writeAtomic('/b', new Uint8Array());
      }),
    ).toBe('ENOSPC');
    expect(files.status('/b')).toBeUndefined();
  });

  it('uncovers what was there when a mount goes', () => {
    const files = fakeFiles();
    files.addFile('/mnt/below', 'x');
    files.mount('/mnt', { type: tmpfsMagic });
    expect(files.list('/mnt')).toEqual([]);
    expect(
      errnoThrownBy(() => {
        files.remove('/mnt');
      }),
    ).toBe('EBUSY');
    files.addFile('/mnt/middle', 'x');
    files.mount('/mnt', { type: 7 });
    expect(files.fileSystemType('/mnt')).toBe(7);
    files.unmount('/mnt');
    expect(files.list('/mnt')).toEqual(['middle']);
    expect(files.fileSystemType('/mnt')).toBe(tmpfsMagic);
    files.unmount('/mnt');
    expect(files.list('/mnt')).toEqual(['below']);
  });
});
