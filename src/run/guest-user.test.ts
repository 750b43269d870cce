import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnyarchError } from '../core/error.ts';
import { fakeFiles } from '../host/testing/index.ts';
import type { FakeFiles } from '../host/testing/index.ts';
import { findGuestUser } from './guest-user.ts';
import type { KnownGuestUser } from './guest-user.ts';

const passwd = `root:x:0:0:root:/root:/bin/sh
web:x:33:34:web:/var/www:/bin/false
1000:x:5:6::/five:
bad:x:many:1::/:
high:x:4294967295:1::/:
relative:x:7:7::home:
`;
const group = `root:x:0:
adm:x:4:root,web
tty:x:5:web
twice:x:5:web
nobody:x:none:web
weblike:x:99:webmaster,xweb
`;

function guest(): FakeFiles {
  const files = fakeFiles();
  files.addFile('/guest/etc/passwd', new TextEncoder().encode(passwd));
  files.addFile('/guest/etc/group', new TextEncoder().encode(group));
  return files;
}
const find = (text: string, files = guest()): unknown => findGuestUser(files, '/guest', text);

describe('findGuestUser', () => {
  it.each([
    ['web', { uid: 33, gid: 34, groups: [4, 5], home: '/var/www', name: 'web' }],
    ['33', { uid: 33, gid: 34, groups: [4, 5], home: '/var/www', name: 'web' }],
    ['web:adm', { uid: 33, gid: 4, groups: [], home: '/var/www', name: 'web' }],
    ['web:77', { uid: 33, gid: 77, groups: [], home: '/var/www', name: 'web' }],
    ['12345', { uid: 12345, gid: 0, groups: [], home: undefined, name: undefined }],
    ['12345:6', { uid: 12345, gid: 6, groups: [], home: undefined, name: undefined }],
    // A number is a number, even where a user has it as the name.
    ['1000', { uid: 1000, gid: 0, groups: [], home: undefined, name: undefined }],
    ['relative', { uid: 7, gid: 7, groups: [], home: undefined, name: 'relative' }],
    ['0', { uid: 0, gid: 0, groups: [4], home: '/root', name: 'root' }],
  ])('finds %s', (text, user) => {
    expect(find(text)).toEqual(user);
  });

  it.each(['nosuch', 'web:nosuch', 'bad', 'high', '4294967295', '-1', '1.5', '', ':', 'web:', ':4', '1:2:3'])(
    'refuses "%s"',
    (text) => {
      expect(() => find(text)).toThrowWithCode('ANYARCH_USAGE');
    },
  );

  it('does with numbers where the guest has no files of users', () => {
    expect(findGuestUser(fakeFiles(), '/guest', '5:6')).toMatchObject({ uid: 5, gid: 6 });
    expect(() => findGuestUser(fakeFiles(), '/guest', 'root')).toThrowWithCode('ANYARCH_USAGE');
  });
});

describe('files of a hostile guest', () => {
  it("lead to the guest's own files, never to the host's", () => {
    const files = fakeFiles();
    files.addFile('/etc/passwd', new TextEncoder().encode('secret:x:1:1::/:\n'));
    files.addLink('/guest/etc/passwd', '/etc/passwd');
    expect(() => find('secret', files)).toThrowWithCode('ANYARCH_USAGE');
    files.addLink('/guest/etc/group', '../../../../../../etc/group');
    files.addFile('/etc/group', new TextEncoder().encode('secret:x:1:\n'));
    expect(() => find('5:secret', files)).toThrowWithCode('ANYARCH_USAGE');
  });

  it('may be links inside', () => {
    const files = fakeFiles();
    files.addFile('/guest/usr/lib/passwd', new TextEncoder().encode(passwd));
    files.addLink('/guest/etc/passwd', '/usr/lib/passwd');
    expect(find('web', files)).toMatchObject({ uid: 33, groups: [] });
  });

  it('may hold anything', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), (bytes, text) => {
        const files = fakeFiles();
        files.addFile('/guest/etc/passwd', bytes);
        files.addFile('/guest/etc/group', bytes);
        const result = attempt(() => findGuestUser(files, '/guest', text));
        expect(result instanceof AnyarchError ? result.code : wrongIds(result)).toEqual(
          result instanceof AnyarchError ? 'ANYARCH_USAGE' : [],
        );
      }),
    );
  });

  it('are read only so far', () => {
    const files = fakeFiles();
    files.addFile('/guest/etc/passwd', new TextEncoder().encode(`${'x'.repeat(5 << 20)}\nlate:x:1:1::/:\n`));
    expect(() => find('late', files)).toThrowWithCode('ANYARCH_USAGE');
  });
});

function attempt(find: () => KnownGuestUser): KnownGuestUser | AnyarchError {
  try {
    return find();
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}

function wrongIds({ uid, gid, groups }: KnownGuestUser): number[] {
  return [uid, gid, ...groups].filter((id) => !Number.isInteger(id) || id < 0 || id >= 0xffff_ffff);
}
