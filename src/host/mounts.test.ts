import { describe, expect, it } from 'vitest';
import { mountOf, parseMounts } from './mounts.ts';
import { fakeHost } from './testing/index.ts';

const text = `22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
30 22 0:30 / /usr/local ro,nosuid - nfs4 server:/a\\040b rw,vers=4.2
31 22 0:31 / /with\\040space rw - tmpfs none ro,size=4k
32 31 0:32 / /with\\040space rw,noexec shared:2 master:3 - fuse.sshfs x@y: rw
damaged line
`;

describe('mountOf', () => {
  it.each([
    ['/usr/local/lib/anyarch', '/usr/local', 'nfs4'],
    ['/usr/localx', '/', 'ext4'],
    ['/usr/local', '/usr/local', 'nfs4'],
    ['/with space/a', '/with space', 'fuse.sshfs'],
    ['/link/missing/below', '/usr/local', 'nfs4'],
    ['/', '/', 'ext4'],
  ])('%s is on %s', (path, point, type) => {
    const host = fakeHost();
    host.files.addFile('/proc/self/mountinfo', text);
    host.files.addDirectory('/usr/local');
    host.files.addLink('/link', 'usr/local');
    expect(mountOf(host, path)).toMatchObject({ point, type });
  });

  it('knows nothing where /proc tells nothing', () => {
    expect(mountOf(fakeHost(), '/usr')).toBeUndefined();
  });

  it('takes the options of the mount and of the file system together', () => {
    const [root, nfs, tmpfs, fuse] = parseMounts(text);
    expect(root?.options.has('ro')).toBe(false);
    expect(nfs).toMatchObject({ source: 'server:/a b' });
    expect([nfs?.options.has('ro'), tmpfs?.options.has('ro'), fuse?.options.has('noexec')]).toEqual([
      true,
      true,
      true,
    ]);
    expect(parseMounts(text)).toHaveLength(4);
  });
});
