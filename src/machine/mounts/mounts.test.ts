import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { findDefinition } from '../definition/table.ts';
import { checkMounts } from './check-mounts.ts';
import { mountWords } from './mount-words.ts';
import { parseMount, parseMounts } from './mount.ts';
import { virtiofsdWords } from './virtiofsd-words.ts';

function files() {
  const host = fakeHost();
  host.files.makeDirectory('/home/me/src');
  host.files.makeDirectory('/data');
  host.files.writeAtomic('/home/me/file', new Uint8Array(1));
  return host.files;
}

describe('a directory for a machine', () => {
  it.each([
    ['src:/src', { source: '/home/me/src', target: '/src', isReadOnly: false }],
    ['/data:/mnt/data/:ro', { source: '/data', target: '/mnt/data', isReadOnly: true }],
    ['/data:/var/lib//x', { source: '/data', target: '/var/lib/x', isReadOnly: false }],
  ])('reads %s', (text, mount) => {
    expect(parseMount(text, '/home/me', files())).toEqual(mount);
  });

  it.each([
    ['src', 'source and a target'],
    ['src:rel', 'absolute'],
    ['src:/a b', 'fstab'],
    ['src:/a\nb', 'fstab'],
    ['src:/ä', 'fstab'],
    ['src:/a/../etc', '..'],
    ['src:/a/./b', '"."'],
    ['src:/', 'root itself'],
    ['src:/usr', "guest's own"],
    ['file:/file', 'directories only'],
    ['none:/none', 'does not exist'],
    ['src:/src:rx', 'neither ro nor rw'],
  ])('refuses %j: %s', (text, reason) => {
    expect(() => parseMount(text, '/home/me', files())).toThrowWithCode('ANYARCH_USAGE');
    expect(() => parseMount(text, '/home/me', files())).toThrow(reason);
  });

  it('has a place of its own', () => {
    expect(() => parseMounts(['/data:/a', 'src:/a/'], '/home/me', files())).toThrowWithCode('ANYARCH_USAGE');
    expect(parseMounts(['/data:/a', 'src:/a/b'], '/home/me', files())).toHaveLength(2);
  });
});

describe("QEMU's words", () => {
  const mounts = parseMounts(['/data:/a', '/home/me/src:/b:ro'], '/', files());
  const socket = (index: number): string => `/run/x,y/fs${index}`;

  it('name a socket and a tag for each', () => {
    const words = mountWords({ definition: { bus: 'pci' }, mounts, socket });
    expect(words).toContain('socket,id=mount1,path=/run/x,,y/fs1');
    expect(words).toContain('vhost-user-fs-pci,chardev=mount1,tag=anyarch1,queue-size=1024');
    const numbered = mounts.map((mount) => ({ ...mount, number: 7 })).slice(1);
    expect(mountWords({ definition: { bus: 'pci' }, mounts: numbered, socket })).toContain(
      'vhost-user-fs-pci,chardev=mount0,tag=anyarch7,queue-size=1024',
    );
  });

  it('of virtiofsd make all that the guest writes the owner’s, and only what is the owner’s the guest’s', () => {
    const [mount] = mounts;
    const words = virtiofsdWords(mount!, { uid: 1002, gid: 100 }, '/run/fs0').join(' ');
    expect(words).toContain('--translate-uid squash-guest:0:1002:4294967295');
    expect(words).toContain('--translate-uid host:1002:1000:1');
    expect(words).toContain('--translate-uid squash-host:0:65534:1002');
    expect(words).toContain('--translate-uid squash-host:1003:65534:4294966292');
    expect(words).toContain('--translate-gid host:100:1000:1');
    expect(words).not.toContain('--readonly');
    expect(virtiofsdWords(mounts[1]!, { uid: 0, gid: 0 }, '/run/fs1')).toContain('--readonly');
  });
});

describe('a machine that sees no directories', () => {
  const mounts = parseMounts(['/data:/a'], '/', files());

  it.each([
    ['raspi3b', 'x86_64', 'no virtio'],
    ['s390x', 'x86_64', 'big-endian'],
    ['s390x', 'aarch64', 'big-endian'],
    ['arm64', 's390x', 'little-endian'],
    ['ppc64le', 'x86_64', 'how files are opened'],
    ['mips64el', 'x86_64', 'how files are opened'],
  ])('%s on %s says so', (name, host, reason) => {
    const check = () => {
      checkMounts(findDefinition(name), mounts, host);
    };
    expect(check).toThrowWithCode('ANYARCH_USAGE');
    expect(check).toThrow(reason);
    expect(() => {
      checkMounts(findDefinition(name), [], host);
    }).not.toThrow();
  });

  it.each([
    ['ppc64le', 'ppc64le'],
    ['mipsel', 'mips64el'],
    ['armhf', 'x86_64'],
    ['arm64', 'x86_64'],
    ['s390x', 's390x'],
  ])('is not %s on %s', (name, host) => {
    expect(() => {
      checkMounts(findDefinition(name), mounts, host);
    }).not.toThrow();
  });
});
