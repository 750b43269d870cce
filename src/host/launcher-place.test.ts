import { beforeEach, describe, expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { installLauncher, launcherDirectories } from './launcher-place.ts';
import { fakeFiles } from './testing/fake-files.ts';
import type { FakeFiles } from './testing/fake-files.ts';

const tmpfsMagic = 0x01021994;
const bytes = Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 1, 2, 3);
const system = { uid: 1000, environment: { HOME: '/home/me', XDG_RUNTIME_DIR: '/run/user/1000' } };
const inCache = /^\/home\/me\/\.cache\/anyarch\/launcher\/[0-9a-f]{16}$/;
const inRuntime = /^\/run\/user\/1000\/anyarch\/launcher\/[0-9a-f]{16}$/;

describe('installLauncher', () => {
  let files: FakeFiles;
  beforeEach(() => {
    files = fakeFiles({ uid: 1000, gid: 1000 });
    const mine = { uid: 1000, gid: 1000, mode: 0o700 };
    files.addDirectory('/home/me', mine);
    files.addDirectory('/run/user/1000', mine);
    files.addDirectory('/tmp', { mode: 0o1777 });
    files.addDirectory('/dev/shm', { mode: 0o1777 });
    files.addFile('/proc/self/uid_map', '         0          0 4294967295\n');
  });
  const install = (content = bytes) => installLauncher({ files, system }, content);

  it('puts it into the cache, for its user alone, and uses it again', () => {
    const path = install();
    expect(path).toMatch(inCache);
    expect(files.status(path)).toMatchObject({ mode: 0o700, uid: 1000, size: bytes.length });
    expect(files.status('/home/me/.cache/anyarch/launcher')).toMatchObject({ mode: 0o700, uid: 1000 });
    const inode = files.status(path)?.inode;
    expect(install()).toBe(path);
    expect(files.status(path)?.inode).toBe(inode);
    expect(install(Uint8Array.of(9))).not.toBe(path);
  });

  it.each([
    [
      'other bytes',
      (path: string) =>
        files.addFile(
          path,
          Uint8Array.from(bytes, (byte) => byte ^ 1),
          { uid: 1000, mode: 0o700 },
        ),
    ],
    ['a part of it', (path: string) => files.addFile(path, bytes.subarray(0, 3), { uid: 1000, mode: 0o700 })],
    ['a file of another user', (path: string) => files.addFile(path, bytes, { uid: 1001, mode: 0o755 })],
    [
      'a file that others can write',
      (path: string) => files.addFile(path, bytes, { uid: 1000, mode: 0o777 }),
    ],
    [
      'a link to a file of another user',
      (path: string) => {
        files.addFile('/home/other/evil', bytes, { uid: 1001, mode: 0o755 });
        files.addLink(path, '/home/other/evil');
      },
    ],
  ])('replaces what is in its place: %s', (_, plant) => {
    const path = install();
    plant(path);
    expect(install()).toBe(path);
    expect(files.linkStatus(path)).toMatchObject({ kind: 'file', uid: 1000, mode: 0o700 });
    expect(files.read(path)).toEqual(bytes);
  });

  it.each([
    [
      'is mounted noexec',
      () => {
        files.mount('/home/me/.cache', { type: tmpfsMagic, noExecute: true });
        files.addDirectory('/home/me/.cache', { uid: 1000 });
      },
    ],
    [
      'is read-only',
      () => {
        files.mount('/home/me/.cache', { type: tmpfsMagic, readOnly: true });
      },
    ],
    [
      'is full',
      () => {
        files.mount('/home/me/.cache', { type: tmpfsMagic, capacity: 3 });
        files.addDirectory('/home/me/.cache', { uid: 1000 });
      },
    ],
    [
      'is a file',
      () => {
        files.addFile('/home/me/.cache', '');
      },
    ],
    [
      'belongs to another user',
      () => {
        files.addDirectory('/home/me/.cache/anyarch', { uid: 1001, mode: 0o777 });
      },
    ],
    [
      'can be written by others',
      () => {
        files.addDirectory('/home/me/.cache/anyarch/launcher', { uid: 1000, mode: 0o777 });
      },
    ],
    [
      'lies below a directory that others can write',
      () => {
        files.addDirectory('/home/me', { uid: 1000, mode: 0o775 });
      },
    ],
    [
      'leads by a link to where others can write',
      () => {
        files.addDirectory('/srv/shared', { mode: 0o777 });
        files.addLink('/home/me/.cache', '/srv/shared');
      },
    ],
  ])('takes the next directory when the cache %s', (_, spoil) => {
    spoil();
    expect(install()).toMatch(inRuntime);
  });

  it('takes a directory of its own in /tmp, and none that another user made there', () => {
    files.addDirectory('/home/me', { uid: 0, mode: 0o555 });
    files.addDirectory('/run/user/1000', { uid: 0, mode: 0o555 });
    expect(install()).toMatch(/^\/tmp\/anyarch-1000\/launcher\//);
    files.addDirectory('/tmp/anyarch-1000', { uid: 1001, mode: 0o777 });
    expect(install()).toMatch(/^\/dev\/shm\/anyarch-1000\/launcher\//);
  });

  it('says why no directory will do', () => {
    files.fail({ errno: 'EROFS', method: 'makeDirectory' });
    expect(install).toThrowWithCode('ANYARCH_PERMISSION');
    const error = thrownBy(install);
    expect(error.details['rejected']).toHaveLength(4);
    expect(error.details['rejected']).toContain(
      '/dev/shm/anyarch-1000/launcher: makeDirectory /dev/shm/anyarch-1000/launcher: EROFS',
    );
  });

  it('trusts unmapped owners in a user namespace only', () => {
    files.addDirectory('/home', { uid: 65534 });
    expect(install()).toMatch(inRuntime);
    files.addFile('/proc/self/uid_map', '         0       1000          1\n');
    expect(install()).toMatch(inCache);
  });
});

describe('launcherDirectories', () => {
  it('ignores relative paths in the environment, as the XDG specification asks', () => {
    expect(
      launcherDirectories({ uid: 5, environment: { XDG_CACHE_HOME: 'x', XDG_RUNTIME_DIR: '' } }),
    ).toEqual(['/tmp/anyarch-5/launcher', '/dev/shm/anyarch-5/launcher']);
    const [first] = launcherDirectories({ uid: 5, environment: { HOME: '/h', XDG_CACHE_HOME: '/c' } });
    expect(first).toBe('/c/anyarch/launcher');
  });
});

function thrownBy(action: () => unknown): AnyarchError {
  try {
    action();
  } catch (error) {
    if (error instanceof AnyarchError) return error;
  }
  throw new Error('no AnyarchError');
}
