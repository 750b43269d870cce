import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { layerFile, openedImage } from '../../image-store/testing/opened-images.ts';
import { makeTar, type Member } from '../../image-store/testing/tar-maker.ts';
import { compareImages } from './compare-images.ts';

const directory = mkdtempSync(join(tmpdir(), 'anyarch-compare-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

const image = (...layers: readonly (readonly Member[])[]) =>
  openedImage(layers.map((members) => layerFile(directory, makeTar(members))));

const compare = (first: readonly Member[], second: readonly Member[]) =>
  compareImages(image(first), image(second));

const at = (mtime: number) => ({ path: 'usr/x', content: 'same', mtime });

describe('two images', () => {
  it('are the same with the same layers, which nobody reads', async () => {
    const one = image([at(1)]);
    const layers = one.layers.map((layer) => ({ ...layer, path: '/nowhere' }));
    expect(await compareImages({ ...one, layers }, { ...one, layers })).toMatchObject({
      same: true,
      files: [],
      layers: { identical: 1, compared: 'by layer' },
    });
  });

  it('are the same where files were written at another time, which is counted', async () => {
    expect(await compare([at(1), { path: 'a' }], [at(2), { path: 'a' }])).toMatchObject({
      same: true,
      onlyTimes: 1,
      compared: 2,
      layers: { identical: 0 },
    });
  });

  it.each<[string, Member, Member, string]>([
    ['content', { path: 'a', content: '1' }, { path: 'a', content: '2' }, 'content'],
    ['mode', { path: 'a' }, { path: 'a', mode: 0o4644 }, 'mode'],
    ['owner', { path: 'a' }, { path: 'a', gid: 5 }, 'owner'],
    ['type', { path: 'a' }, { path: 'a', type: '2', link: 'b' }, 'type'],
    ['link', { path: 'a', type: '2', link: 'c' }, { path: 'a', type: '2', link: 'b' }, 'link target'],
    ['device', { path: 'a', type: '3', major: 1 }, { path: 'a', type: '3', major: 2 }, 'device number'],
    ['emptiness', { path: 'a', content: '1' }, { path: 'a' }, 'empty in the second'],
    [
      'access control lists',
      { path: 'a', pax: { 'SCHILY.acl.access': 'user::rw-', atime: '1' } },
      { path: 'a', pax: { 'SCHILY.acl.access': 'user::r--', atime: '2' } },
      'extended attributes',
    ],
    [
      "libarchive's attributes",
      { path: 'a' },
      { path: 'a', pax: { 'LIBARCHIVE.xattr.user.a': 'eA==' } },
      'extended attributes',
    ],
    [
      'attributes',
      { path: 'a' },
      { path: 'a', pax: { 'SCHILY.xattr.security.capability': Buffer.from([1, 0, 2]) } },
      'extended attributes',
    ],
  ])('differ in %s', async (_, first, second, aspect) => {
    const found = await compare([first], [second]);
    expect(found).toMatchObject({ same: false, files: [{ path: 'a', layer: 0, aspects: [aspect] }] });
    expect(found.files[0]?.explained).toBeUndefined();
  });

  it('are the same whatever a tar says of its writer', async () => {
    const by = (name: string) => ({
      path: 'a',
      pax: { uname: name, atime: '1', comment: name, 'SCHILY.dev': name },
    });
    expect((await compare([by('x')], [by('y')])).same).toBe(true);
  });

  it('differ where a file is on one side only', async () => {
    expect((await compare([{ path: 'a' }], [{ path: './b' }])).files).toEqual([
      { path: 'a', layer: 0, aspects: ['missing in the second'] },
      { path: 'b', layer: 0, aspects: ['missing in the first'] },
    ]);
  });

  it('are compared as trees where the numbers of layers differ', async () => {
    const low = [{ path: 'etc/a', content: '1' }, { path: 'etc/b' }, { path: 'opt/x/y' }];
    const high = [{ path: 'etc/.wh.b' }, { path: 'opt/.wh..wh..opq' }, { path: 'etc/a', content: '2' }];
    const found = await compareImages(image(low, high), image([{ path: '/etc/a', content: '2' }]));
    expect(found).toMatchObject({ same: true, layers: { first: 2, second: 1, compared: 'flattened' } });
    const other = await compareImages(image(low, high), image([{ path: 'etc/a', content: '1' }]));
    expect(other.files).toEqual([{ path: 'etc/a', aspects: ['content'] }]);
  });

  it('are the same whichever of its names a linked file has first', async () => {
    const first = [
      { path: 'a', content: 'x' },
      { path: 'b', type: '1', link: 'a' },
    ];
    const second = [
      { path: 'b', content: 'x' },
      { path: 'a', type: '1', link: './b' },
    ];
    expect((await compare(first, second)).same).toBe(true);
    expect(
      (
        await compare(first, [
          { path: 'a', content: 'x' },
          { path: 'b', content: 'x' },
        ])
      ).same,
    ).toBe(false);
  });

  test.each<[string, string, Buffer, Buffer]>([
    ['gzip-time', 'usr/share/doc/a.gz', gzipAt(1), gzipAt(2)],
    ['ar-time', 'usr/lib/liba.a', archiveAt('1', 'x'), archiveAt('2', 'x')],
    ['pyc-time', 'usr/lib/a.pyc', pycAt(1), pycAt(2)],
    ['shadow-day', 'etc/shadow', Buffer.from('root:*:1:0:::::\n'), Buffer.from('root:*:2:0:::::\n')],
    ['log', 'var/log/apt/history.log', Buffer.from('1'), Buffer.from('2')],
    ['ldconfig-cache', 'var/cache/ldconfig/aux-cache', Buffer.from('1'), Buffer.from('2')],
  ])('have a difference that is explained: %s', async (name, path, a, b) => {
    const [first, second] = [[{ path, content: a }], [{ path, content: b, mtime: 5 }]];
    const found = await compare(first, second);
    expect(found).toMatchObject({ same: true, files: [{ path, aspects: ['content'], explained: { name } }] });
    // More than the times is no more explained.
    const more = await compare(first, [{ path, content: b, mode: 0o777 }]);
    expect(more.same).toBe(false);
  });

  it.each([
    ['an executable', 'var/log/a', { mode: 0o755 }, ['1', '2']],
    ['one that is setuid', 'var/lib/apt/lists/a', { mode: 0o4644 }, ['1', '2']],
    ['a library', 'var/lib/apt/lists/a.so', {}, ['\x7fELF1', '\x7fELF2']],
    ['a script', 'var/log/a', {}, ['#!/bin/sh\n', '#!/bin/su\n']],
    ['an empty list', 'var/lib/apt/lists/a', {}, ['', '2']],
  ])('are not the same for %s where logs and lists are', async (_, path, facts, [a, b]) => {
    const found = await compare([{ path, content: a!, ...facts }], [{ path, content: b!, ...facts }]);
    expect(found.same).toBe(false);
  });

  it('are not read again for what is too large to be compared without its times', async () => {
    const path = 'usr/lib/liba.a';
    const large = (time: string) => Buffer.concat([archiveAt(time, 'x'), Buffer.alloc(33 << 20)]);
    expect((await compare([{ path, content: large('1') }], [{ path, content: large('2') }])).same).toBe(
      false,
    );
  });

  it('are not compared to the end when somebody gives up', async () => {
    const [first, second] = [image([at(1)]), image([at(2)])];
    await expect(compareImages(first, second, AbortSignal.abort())).rejects.toThrowWithCode(
      'ANYARCH_CANCELLED',
    );
  });

  it('are not the same where more than the time in a format differs', async () => {
    const path = 'usr/lib/liba.a';
    const pairs = [
      [archiveAt('1', 'x'), archiveAt('2', 'y')],
      [gzipAt(1), gzipAt(2, 'other')],
      [pycAt(1), Buffer.from(pycAt(2).map((byte, index) => (index === 4 ? 1 : byte)))],
    ];
    for (const [a, b] of pairs)
      expect((await compare([{ path, content: a! }], [{ path, content: b! }])).same).toBe(false);
  });

  it('are the same with themselves, and differ in exactly what was changed', async () => {
    const files = fc.uniqueArray(
      fc.record({
        path: fc.stringMatching(/^[a-z]{1,3}(\/[a-z]{1,3}){0,2}$/),
        content: fc.string({ maxLength: 20 }),
        mode: fc.integer({ min: 0, max: 0o7777 }),
        uid: fc.integer({ min: 0, max: 9 }),
      }),
      { selector: ({ path }) => path, minLength: 1, maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(files, fc.nat(), async (members, which) => {
        expect((await compare(members, [...members].reverse())).same).toBe(true);
        const changed = members.map((member, index) =>
          index === which % members.length ? { ...member, content: `${member.content}!` } : member,
        );
        const { files: found, same } = await compare(members, changed);
        expect(same).toBe(false);
        expect(found.map(({ path }) => path)).toEqual([members[which % members.length]!.path]);
      }),
      { numRuns: 30 },
    );
  });

  it('are not compared where a layer is not what its digest says', async () => {
    const one = image([{ path: 'a' }]);
    const layer = { ...one.layers[0]!, diffId: `sha256:${'0'.repeat(64)}` as const };
    await expect(compareImages(one, { ...one, layers: [layer] })).rejects.toMatchObject({
      code: 'ANYARCH_DIGEST_MISMATCH',
    });
  });
});

describe('configurations', () => {
  const withConfig = (config: object) => ({ configText: JSON.stringify(config), layers: [] });
  const compareConfig = async (first: object, second: object) =>
    (await compareImages(withConfig(first), withConfig(second))).config;

  it('differ field by field, and in none that follows from the layers', async () => {
    const found = await compareConfig(
      { config: { Env: ['A=1'], Labels: null }, rootfs: { diff_ids: ['a'] }, created: '1' },
      { config: { Env: ['A=2'], Cmd: ['x'] }, rootfs: { diff_ids: ['b'] }, created: '2' },
    );
    expect(found.map(({ field, explained }) => [field, explained?.name])).toEqual([
      ['config.Cmd[0]', undefined],
      ['config.Env[0]', undefined],
      ['created', 'created'],
    ]);
  });

  it('differ in what only a key says, and not in how nothing is written', async () => {
    const found = await compareConfig(
      { config: { ExposedPorts: { '22/tcp': {} }, Volumes: { '/a': null }, Labels: {}, Cmd: [] } },
      { config: { Volumes: { '/a': {}, '/b': {} }, Entrypoint: null } },
    );
    expect(found.map(({ field }) => field)).toEqual(['config.ExposedPorts.22/tcp', 'config.Volumes./b']);
  });

  it("differ in podman's parent only where both are identifiers", async () => {
    const comment = (text: string) => ({ history: [{ comment: text }] });
    const [parent] = await compareConfig(comment('FROM f213f8af0f7f'), comment('FROM 74e67e7d5041'));
    expect(parent?.explained?.name).toBe('parent');
    const [base] = await compareConfig(comment('FROM localhost/a:1'), comment('FROM localhost/b:1'));
    expect(base?.explained).toBeUndefined();
  });
});

function gzipAt(seconds: number, text = 'text'): Buffer {
  const packed = gzipSync(text);
  packed.writeUInt32LE(seconds, 4);
  return packed;
}

function archiveAt(time: string, content: string): Buffer {
  const header = `${'a.o/'.padEnd(16)}${time.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${'1'.padEnd(10)}\`\n`;
  return Buffer.from(`!<arch>\n${header}${content}\n`);
}

function pycAt(seconds: number): Buffer {
  const content = Buffer.alloc(20, 7);
  content.set([0xcb, 0x0d, 0x0d, 0x0a, 0, 0, 0, 0]);
  content.writeUInt32LE(seconds, 8);
  return content;
}
