import { describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../../core/text.ts';
import { hostLoader } from './host-loader.ts';
import { privateLoader } from './private-loader.ts';

const x86 = hostLoader('x86_64')!;
const directories = '/lib/x86_64-linux-gnu/\0/usr/lib/x86_64-linux-gnu/\0/lib/\0/usr/lib/\0';
const loader = `code\0${directories}more\0${directories}\0/etc/ld.so.cache\0 search cache=%s\n\0/etc/ld.so.preload\0`;
const set = '/dev/.anyarch/abc234';

describe('privateLoader', () => {
  it('names the set where it named the guest, length by length', () => {
    const result = Buffer.from(privateLoader(encodeUtf8(loader), x86, set)).toString('latin1');
    const replaced = `${set}//\0${set}//////\0/sys/\0/sys/bus/\0`;
    expect(result).toBe(
      `code\0${replaced}more\0${replaced}\0/dev/.anyarch/-\0\0 search cache=%s\n\0/dev/.anyarch/-\0\0\0\0`,
    );
  });

  it('names nothing of the guest where an older glibc did, Debian 12’s 2.36', () => {
    const older = `${loader}GLIBC_TUNABLES\0/etc/suid-debug\0%s: `;
    const result = Buffer.from(privateLoader(encodeUtf8(older), x86, set)).toString('latin1');
    expect(result).toHaveLength(older.length);
    expect(result).toMatch(/GLIBC_TUNABLES\0\/dev\/\.anyarch\/-\0%s: $/);
  });

  it('serves arm64 hosts, whose names are longer', () => {
    const host = hostLoader('aarch64')!;
    const bytes = encodeUtf8(
      `${host.systemDirectories.join('\0')}\0\0/etc/ld.so.cache\0\0/etc/ld.so.preload\0`,
    );
    expect(Buffer.from(privateLoader(bytes, host, set)).toString('latin1')).toContain(`${set}///\0`);
  });

  it.each<[string, string, RegExp]>([
    ['without system directories', 'nothing', /system directories are not in the loader/],
    ['without a cache', `${directories}\0/etc/ld.so.preload\0`, /ld\.so\.cache.* 0 times/],
    ['with two lists of libraries', `${loader}\0/etc/ld.so.preload\0`, /2 times/],
    ['with that of an older one twice', `${loader}\0/etc/suid-debug\0\0/etc/suid-debug\0`, /2 times/],
    ['with a file that begins alike', `${loader}\0/etc/suid-debug.d\0`, /still names/],
    ['with another file of the guest', `${loader}\0/etc/ld.so.more\0`, /still names/],
    ['with a directory elsewhere', `${loader}\0/usr/lib/x86_64-linux-gnu/\0`, /still names/],
  ])('refuses a loader %s', (_name, text, message) => {
    expect(() => privateLoader(encodeUtf8(text), x86, set)).toThrow(message);
    expect(() => privateLoader(encodeUtf8(text), x86, set)).toThrowWithCode('ANYARCH_TOOL_UNADAPTABLE');
  });

  it('refuses a directory that does not fit', () => {
    expect(() => privateLoader(encodeUtf8(loader), x86, '/dev/.anyarch/abcdefgh')).toThrow(/does not fit/);
  });

  it('knows no other hosts', () => {
    expect(['ppc64le', 's390x', 'constructor'].map(hostLoader)).toEqual([undefined, undefined, undefined]);
  });
});
