import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  buildAr,
  buildDeb,
  buildDebOf,
  buildTar,
  compressions,
  type TarEntry,
} from '../../test/support/mirror-package.ts';
import { AnyarchError } from '../core/error.ts';
import { unpackDeb } from './deb.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-deb-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** What was handed over, by wanted path, and what was not found. */
async function unpack(deb: Uint8Array, wanted: readonly string[], signal?: AbortSignal) {
  const path = join(directory, 'a.deb');
  writeFileSync(path, deb);
  const files: Record<string, string> = {};
  const sink = async (name: string, content: AsyncIterable<Uint8Array>) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of content) chunks.push(chunk);
    files[name] = Buffer.concat(chunks).toString();
  };
  const missing = await unpackDeb(path, wanted, sink, { subject: 'a', signal });
  return { files, missing };
}

const entries: TarEntry[] = [
  { name: './', type: 'directory' },
  { name: './usr/bin/', type: 'directory' },
  { name: './usr/bin/qemu-aarch64', content: 'A'.repeat(200_000) },
  { name: './usr/bin/qemu-arm', content: 'B' },
  { name: './usr/bin/qemu-empty', content: '' },
  { name: './usr/bin/qemu-s390x', content: 'S' },
];

describe('unpackDeb', () => {
  it.each(['xz', 'gz', 'none'] as const)(
    'hands over the wanted files, compressed with %s',
    async (compression) => {
      const { files, missing } = await unpack(await buildDeb(entries, compression), [
        'usr/bin/qemu-aarch64',
        'usr/bin/qemu-s390x',
        'usr/bin/qemu-m68k',
        'usr/bin/qemu-empty',
      ]);
      expect(files).toEqual({
        'usr/bin/qemu-aarch64': 'A'.repeat(200_000),
        'usr/bin/qemu-s390x': 'S',
        'usr/bin/qemu-empty': '',
      });
      expect(missing).toEqual(['usr/bin/qemu-m68k']);
    },
  );

  it('follows links within the package, also to what has passed', async () => {
    const links: TarEntry[] = [
      ...entries,
      { name: './usr/bin/qemu-arm64', type: 'symlink', linkname: 'qemu-aarch64' },
      { name: './usr/bin/qemu-armhf', type: 'symlink', linkname: '../bin/./qemu-arm' },
      { name: './usr/bin/qemu-hard', type: 'link', linkname: './usr/bin/qemu-s390x' },
      { name: './usr/bin/qemu-twice', type: 'symlink', linkname: 'qemu-armhf' },
    ];
    const { files, missing } = await unpack(await buildDeb(links), [
      'usr/bin/qemu-armhf',
      'usr/bin/qemu-arm',
      'usr/bin/qemu-hard',
      'usr/bin/qemu-twice',
    ]);
    expect(files).toEqual({
      'usr/bin/qemu-armhf': 'B',
      'usr/bin/qemu-arm': 'B',
      'usr/bin/qemu-hard': 'S',
      'usr/bin/qemu-twice': 'B',
    });
    expect(missing).toEqual([]);
  });

  it('ends with links that go in circles', async () => {
    const circle: TarEntry[] = [
      { name: './a', type: 'symlink', linkname: 'b' },
      { name: './b', type: 'symlink', linkname: 'a' },
    ];
    expect(await unpack(await buildDeb(circle), ['a'])).toMatchObject({ files: {} });
  });

  it('stops reading once everything was found', async () => {
    // What follows is hostile, and is not met.
    const tar = await buildTar([...entries, { name: '../../evil', content: 'x' }]);
    const { files } = await unpack(buildDebOf(tar), ['usr/bin/qemu-aarch64']);
    expect(Object.keys(files)).toEqual(['usr/bin/qemu-aarch64']);
    // A decoder that was left early can be used again.
    expect((await unpack(await buildDeb(entries), ['usr/bin/qemu-arm'])).files).toEqual({
      'usr/bin/qemu-arm': 'B',
    });
  });

  it.each<[string, TarEntry]>([
    ['a name with ..', { name: './usr/../../etc/passwd', content: 'x' }],
    ['an absolute name', { name: '/etc/passwd', content: 'x' }],
    ['a hard link to the outside', { name: './usr/bin/a', type: 'link', linkname: '../../etc/shadow' }],
    ['a hard link to an absolute path', { name: './usr/bin/a', type: 'link', linkname: '/etc/shadow' }],
    ['a block device', { name: './dev/sda', type: 'block-device', devmajor: 8, devminor: 0 }],
    ['a character device', { name: './dev/mem', type: 'character-device', devmajor: 1, devminor: 1 }],
    ['a fifo', { name: './fifo', type: 'fifo' }],
  ])('refuses %s', async (_, entry) => {
    const deb = await buildDeb([entry, ...entries]);
    await expect(unpack(deb, ['usr/bin/qemu-arm'])).rejects.toThrowWithCode('ANYARCH_ARCHIVE_INVALID');
  });

  it.each(['../../../etc/passwd', '/etc/passwd'])(
    'refuses a wanted link to %s, and leaves an unwanted one alone',
    async (linkname) => {
      const deb = await buildDeb([{ name: './usr/bin/qemu-a', type: 'symlink', linkname }, ...entries]);
      await expect(unpack(deb, ['usr/bin/qemu-a'])).rejects.toThrowWithCode('ANYARCH_ARCHIVE_INVALID');
      expect((await unpack(deb, ['usr/bin/qemu-arm'])).files).toEqual({ 'usr/bin/qemu-arm': 'B' });
    },
  );

  it('refuses a file of unbelievable size before reading it', async () => {
    const tar = await buildTar(entries);
    const header = tar.subarray(2 * 512, 3 * 512);
    header.write('77777777777\0', 124, 'latin1');
    header.write('        ', 148, 'latin1');
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    await expect(unpack(buildDebOf(tar), ['usr/bin/qemu-arm'])).rejects.toThrowWithCode(
      'ANYARCH_ARCHIVE_INVALID',
    );
  });

  it.each(['xz', 'gz', 'none'] as const)(
    'refuses a package that ends early, compressed with %s',
    async (compression) => {
      const data = compressions[compression](await buildTar(entries));
      const ending = compression === 'none' ? '' : `.${compression}`;
      for (const share of [0.1, 0.3, 0.6]) {
        const cut = buildAr([
          ['debian-binary', Buffer.from('2.0\n')],
          [`data.tar${ending}`, data.subarray(0, Math.floor(data.length * share))],
        ]);
        await expect(unpack(cut, ['usr/bin/qemu-s390x'])).rejects.toThrowWithCode('ANYARCH_ARCHIVE_INVALID');
      }
    },
  );

  it.each<[string, Uint8Array]>([
    ['nothing', Buffer.from('')],
    ['something else', Buffer.from('PK\x03\x04 a zip')],
    ['an empty archive', Buffer.from('!<arch>\n')],
    ['an archive without data', buildAr([['debian-binary', Buffer.from('2.0\n')]])],
    ['an archive whose first member is another', buildAr([['data.tar', Buffer.alloc(1024)]])],
    ['a cut header', buildAr([['debian-binary', Buffer.from('2.0\n')]]).subarray(0, 40)],
    [
      'a member that is longer than the file',
      buildAr([['debian-binary', Buffer.alloc(100)]]).subarray(0, 100),
    ],
    [
      'a compression that is not read',
      buildAr([
        ['debian-binary', Buffer.from('2.0\n')],
        ['data.tar.lzma', Buffer.alloc(10)],
      ]),
    ],
  ])('refuses %s', async (_, deb) => {
    await expect(unpack(deb, ['a'])).rejects.toThrowWithCode('ANYARCH_ARCHIVE_INVALID');
  });

  it('never fails in another way, whatever is changed', async () => {
    const intact = await buildDeb(entries.slice(3));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(intact.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (offset, change) => {
          const deb = Buffer.from(intact);
          deb[offset] = (deb[offset] ?? 0) ^ change;
          const result = await unpack(deb, ['usr/bin/qemu-arm', 'usr/bin/qemu-s390x']).catch(
            (error: unknown) => error,
          );
          expect(outcomeOf(result)).toMatch(/^(unpacked|ANYARCH_ARCHIVE_INVALID)$/);
        },
      ),
      { numRuns: 150 },
    );
  });

  it('hands on what the sink fails with', async () => {
    const path = join(directory, 'a.deb');
    writeFileSync(path, await buildDeb(entries));
    const failure = new AnyarchError('ANYARCH_DISK_FULL', 'full');
    const sink = (): Promise<void> => Promise.reject(failure);
    await expect(unpackDeb(path, ['usr/bin/qemu-arm'], sink, { subject: 'a' })).rejects.toBe(failure);
  });

  it('can be cancelled', async () => {
    await expect(
      unpack(await buildDeb(entries), ['usr/bin/qemu-s390x'], AbortSignal.abort()),
    ).rejects.toThrowWithCode('ANYARCH_CANCELLED');
  });
});

function outcomeOf(result: unknown): string {
  if (!(result instanceof Error)) return 'unpacked';
  return result instanceof AnyarchError ? result.code : String(result);
}
