import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { buildDeb, type TarEntry } from '../../test/support/mirror-package.ts';
import { fileInside } from './file-inside.ts';
import { unpackTree } from './unpack-tree.ts';

let directory: string;
let tree: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-tree-'));
  tree = join(directory, 'tree');
  mkdirSync(tree);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

async function unpack(entries: readonly TarEntry[], wants?: (path: string) => boolean) {
  const deb = join(directory, 'x.deb');
  writeFileSync(deb, await buildDeb(entries, 'gz'));
  return await unpackTree(deb, tree, { subject: 'x', ...(wants === undefined ? {} : { wants }) });
}

const link = (name: string, linkname: string): TarEntry => ({ name, type: 'symlink', linkname });

describe('unpackTree', () => {
  it('merges /usr, keeps links and drops setuid bits', async () => {
    const written = await unpack([
      { name: './lib/x/libz.so.1.3', content: 'library', mode: 0o644 },
      link('./lib/x/libz.so.1', 'libz.so.1.3'),
      { name: './bin/su', content: 'su', mode: 0o4755 },
      { name: './usr/bin/hard', type: 'link', linkname: './bin/su' },
    ]);
    expect([...written]).toEqual([
      ['usr/lib/x/libz.so.1.3', 'lib/x/libz.so.1.3'],
      ['usr/lib/x/libz.so.1', 'lib/x/libz.so.1'],
      ['usr/bin/su', 'bin/su'],
      ['usr/bin/hard', 'usr/bin/hard'],
    ]);
    expect(statSync(join(tree, 'usr/bin/su')).mode & 0o7777).toBe(0o755);
    expect(statSync(join(tree, 'usr/lib/x/libz.so.1.3')).mode & 0o7777).toBe(0o644);
    expect(statSync(join(tree, 'usr/bin/hard')).ino).toBe(statSync(join(tree, 'usr/bin/su')).ino);
    expect(readlinkSync(join(tree, 'usr/lib/x/libz.so.1'))).toBe('libz.so.1.3');
    expect(fileInside(tree, 'lib/x/libz.so.1')).toBe('usr/lib/x/libz.so.1.3');
  });

  it('writes only what is wanted', async () => {
    await unpack(
      [
        { name: './usr/bin/a', content: 'a' },
        { name: './usr/bin/b', content: 'b' },
      ],
      (path) => path === 'usr/bin/b',
    );
    expect(existsSync(join(tree, 'usr/bin/a'))).toBe(false);
    expect(readFileSync(join(tree, 'usr/bin/b'), 'utf8')).toBe('b');
  });

  it('writes hard links whose file is not wanted: Debian 12’s bzip2 is one to bunzip2', async () => {
    const written = await unpack(
      [
        { name: './bin/bunzip2', content: 'program', mode: 0o755 },
        { name: './bin/bzip2', type: 'link', linkname: './bin/bunzip2' },
        { name: './bin/bzcat', type: 'link', linkname: './bin/bunzip2' },
        { name: './bin/other', type: 'link', linkname: './bin/bunzip2' },
      ],
      (path) => path === 'usr/bin/bzip2' || path === 'usr/bin/bzcat',
    );
    expect([...written.keys()]).toEqual(['usr/bin/bzip2', 'usr/bin/bzcat']);
    expect(readFileSync(join(tree, 'usr/bin/bzip2'), 'utf8')).toBe('program');
    expect(statSync(join(tree, 'usr/bin/bzip2')).mode & 0o7777).toBe(0o755);
    expect(readFileSync(join(tree, 'usr/bin/bzcat'), 'utf8')).toBe('program');
    expect(['bunzip2', 'other'].filter((name) => existsSync(join(tree, 'usr/bin', name)))).toEqual([]);
  });

  it('never writes through a link, of this package or of one before', async () => {
    const outside = join(directory, 'outside');
    mkdirSync(outside);
    const evil: TarEntry[] = [link('./etc', outside), { name: './etc/passwd', content: 'evil' }];
    await expect(unpack(evil)).rejects.toThrowWithCode('ANYARCH_ARCHIVE_INVALID');
    await expect(unpack([{ name: './etc/shadow', content: 'evil' }])).rejects.toThrowWithCode(
      'ANYARCH_ARCHIVE_INVALID',
    );
    // A file in the place of a link replaces the link.
    await unpack([link('./opt', join(outside, 'target'))]);
    await unpack([{ name: './opt', content: 'file' }]);
    expect(existsSync(join(outside, 'target'))).toBe(false);
    expect(existsSync(join(outside, 'passwd'))).toBe(false);
  });

  it.each([
    ['a name that leads out', [{ name: '../x', content: 'x' }]],
    ['an absolute name', [{ name: '/etc/x', content: 'x' }]],
    ['a device', [{ name: './dev/x', type: 'character-device' as const }]],
    ['a hard link that leads out', [{ name: './x', type: 'link' as const, linkname: '../../etc/passwd' }]],
  ])('refuses %s', async (_, entries) => {
    await expect(unpack(entries)).rejects.toThrowWithCode('ANYARCH_ARCHIVE_INVALID');
  });
});

describe('fileInside', () => {
  it('takes absolute links as the tree sees them, and ends in circles', () => {
    mkdirSync(join(tree, 'usr/bin'), { recursive: true });
    writeFileSync(join(tree, 'usr/bin/real'), '');
    symlinkSync('/bin/real', join(tree, 'usr/bin/absolute'));
    symlinkSync('../../../../../../bin/real', join(tree, 'usr/bin/above'));
    symlinkSync('circle', join(tree, 'usr/bin/circle'));
    symlinkSync('/etc/hostname', join(tree, 'usr/bin/host'));
    expect(fileInside(tree, 'usr/bin/absolute')).toBe('usr/bin/real');
    expect(fileInside(tree, 'usr/bin/above')).toBe('usr/bin/real');
    expect(fileInside(tree, 'usr/bin/circle')).toBeUndefined();
    expect(fileInside(tree, 'usr/bin/host')).toBeUndefined();
  });
});
