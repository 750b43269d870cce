import {
  appendFileSync,
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { nodeHost } from '../../src/host/node/node-host.ts';
import {
  listImages,
  pruneImages,
  removeImages,
  storedByReference,
  storedImage,
  unpackImage,
  useImage,
  verifyImages,
} from '../../src/image-store/index.ts';
import { layerFile, openedImage } from '../../src/image-store/testing/opened-images.ts';
import { makeTar } from '../../src/image-store/testing/tar-maker.ts';
import type { Member } from '../../src/image-store/testing/tar-maker.ts';
import { useTestStore } from '../support/image-store.ts';

const host = nodeHost();
const store = useTestStore();
const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');

const sample: readonly (readonly Member[])[] = [
  [
    { path: './', mode: 0o711 },
    { path: 'etc/', mtime: 1_000_000_000 },
    { path: 'etc/passwd', content: 'root:x:0:0\n', mode: 0o4755, mtime: 1_100_000_000 },
    {
      path: 'cap',
      content: 'program',
      pax: {
        'SCHILY.xattr.security.capability': capability,
        'SCHILY.xattr.user.note': 'kept',
        'SCHILY.xattr.user.overlay.whiteout': 'y',
        'SCHILY.xattr.trusted.overlay.opaque': 'y',
        'SCHILY.xattr.security.selinux': 'label',
      },
    },
    { path: 'caf\xe9', content: 'latin' },
    { path: 'link', type: '2', link: '/etc' },
    { path: 'fifo', type: '6', mode: 0o620 },
    { path: 'null', type: '3', major: 1, minor: 3 },
    { path: 'closed/', mode: 0o000 },
    { path: 'closed/inside', content: 'x', mtime: -86_400 },
  ],
  [
    { path: 'link/shadow', content: 'through the link', mode: 0o600 },
    { path: 'same', type: '1', link: 'etc/passwd' },
    { path: '.wh.fifo' },
  ],
];

describe('an image in the store', () => {
  it('has the files, modes, times, links and attributes of its layers', async () => {
    const stored = await unpackImage(host, store.state, store.imageOf(...sample));
    const at = (path: string) => lstatSync(join(stored.root, path));
    expect(stored.deviceNodes).toBe(1);
    expect(at('').mode & 0o7777).toBe(0o711);
    expect(at('etc').mtimeMs).toBe(1_000_000_000_000);
    expect(at('etc/passwd').mode & 0o7777).toBe(0o4755);
    expect(at('same').ino).toBe(at('etc/passwd').ino);
    expect(readlinkSync(join(stored.root, 'link'))).toBe('/etc');
    expect(readFileSync(join(stored.root, 'etc/shadow'), 'utf8')).toBe('through the link');
    expect(readdirSync(stored.root, 'latin1').sort()).toEqual(
      ['caf\xe9', 'cap', 'closed', 'etc', 'link', 'same'].sort(),
    );
    expect(statSync(join(store.state, 'images')).mode & 0o7777).toBe(0o700);
    // Read back from the kernel for the listing.
    const listing = gunzipSync(readFileSync(join(stored.root, '../listing.gz'))).toString();
    const line = listing.split('\n').find((one) => one.startsWith('["cap"')) ?? '[]';
    const [xattrs] = (JSON.parse(line) as unknown[]).slice(-1);
    expect(xattrs).toEqual({
      'security.capability': capability.toString('base64'),
      'user.note': Buffer.from('kept').toString('base64'),
    });
  });

  it('is unpacked once, found by its layers and by its name, and listed', async () => {
    const image = store.imageOf(...sample);
    expect(storedImage(host, store.state, image)).toBeUndefined();
    const first = await unpackImage(host, store.state, image);
    const before = lstatSync(first.root).ctimeMs;
    expect(await unpackImage(host, store.state, image)).toEqual(first);
    expect(lstatSync(first.root).ctimeMs).toBe(before);
    expect(storedImage(host, store.state, image)).toEqual(first);
    expect(storedByReference(host, store.state, 'test:latest', image.platform)).toEqual(first);
    const other = await unpackImage(host, store.state, { ...image, reference: 'other:1' });
    expect(other.references).toEqual(['test:latest', 'other:1']);
    expect(listImages(host, store.state)).toMatchObject([
      { platform: 'linux/arm64', references: ['test:latest', 'other:1'] },
    ]);
    expect(await removeImages(host, store.state, ['test:latest'])).toMatchObject([{ outcome: 'untagged' }]);
    expect(await removeImages(host, store.state, ['other:1'])).toMatchObject([{ outcome: 'removed' }]);
    expect(store.left()).toEqual([]);
    await expect(removeImages(host, store.state, ['other:1'])).rejects.toThrowWithCode(
      'ANYARCH_IMAGE_NOT_STORED',
    );
  });

  it('reads layers of any compression, also inside of a larger file', async () => {
    const tar = makeTar([{ path: 'x', content: 'y'.repeat(100_000) }]);
    const zstd = await import('@bokuweb/zstd-wasm');
    await zstd.init();
    for (const packed of [tar, gzipSync(tar), Buffer.from(zstd.compress(tar))]) {
      const layer = layerFile(
        store.place,
        tar,
        Buffer.concat([Buffer.from('before'), packed, Buffer.from('after')]),
      );
      const image = openedImage([{ ...layer, offset: 6, size: packed.length }]);
      const { root } = await unpackImage(host, store.state, image);
      expect(statSync(join(root, 'x')).size).toBe(100_000);
      await removeImages(host, store.state, ['test:latest']);
    }
  });

  it('is intact until anything of it changes', async () => {
    const { root } = await unpackImage(host, store.state, store.imageOf(...sample));
    expect(await verifyImages(host, store.state, [])).toMatchObject([
      { outcome: 'intact', differenceCount: 0 },
    ]);
    rewrite(join(root, 'etc/shadow'), 'THROUGH THE LINK');
    chmodSync(join(root, 'closed'), 0o777);
    writeFileSync(join(root, 'etc/more'), '');
    rmSync(join(root, 'link'));
    appendFileSync(join(root, 'cap'), 'x');
    const [found] = await verifyImages(host, store.state, ['test:latest']);
    expect(found).toMatchObject({
      outcome: 'changed',
      differences: [
        { path: 'cap', what: 'size' },
        // Writing to it has taken its capability away.
        { path: 'cap', what: 'xattrs' },
        { path: 'closed', what: 'mode' },
        { path: 'etc/more', what: 'added' },
        { path: 'etc/shadow', what: 'content' },
        { path: 'link', what: 'missing' },
      ],
    });
  });

  it('is verified by its listing, whose damage is told', async () => {
    const { root } = await unpackImage(host, store.state, store.imageOf(...sample));
    writeFileSync(join(root, '../listing.gz'), gzipSync('["","directory",457,0,0,0,""]\n'));
    const [found] = await verifyImages(host, store.state, []);
    expect(found).toMatchObject({ outcome: 'failed', error: { code: 'ANYARCH_STATE_INVALID' } });
  });

  it('stays while it is used', async () => {
    const stored = await unpackImage(host, store.state, store.imageOf(...sample));
    const release = useImage(host, stored);
    expect(await pruneImages(host, store.state, { olderThanMs: 0 })).toMatchObject([{ outcome: 'in-use' }]);
    expect(await removeImages(host, store.state, ['test:latest'])).toMatchObject([{ outcome: 'in-use' }]);
    release();
    expect(await pruneImages(host, store.state, { olderThanMs: 60_000 })).toEqual([]);
    expect(await pruneImages(host, store.state, { olderThanMs: 0, dryRun: true })).toMatchObject([
      { outcome: 'removed' },
    ]);
    expect(store.left()).toHaveLength(1);
    const used = join(stored.root, '../in-use');
    utimesSync(used, new Date(0), new Date(0));
    expect(await pruneImages(host, store.state, { olderThanMs: 60_000 })).toMatchObject([
      { outcome: 'removed' },
    ]);
    expect(store.left()).toEqual([]);
    expect(() => useImage(host, stored)).toThrowWithCode('ANYARCH_IMAGE_NOT_STORED');
  });

  it('is unpacked again when the machine went down before it was on the disk', async () => {
    // In memory, where it is there at once.
    const inMemory = mkdtempSync('/dev/shm/anyarch-test-store-');
    try {
      const image = store.imageOf(...sample);
      const { root } = await unpackImage(host, inMemory, image);
      const mark = join(root, '../unsettled');
      while (existsSync(mark)) await sleep(20);
      writeFileSync(mark, 'another-boot');
      rmSync(join(root, 'cap'));
      expect(storedImage(host, inMemory, image)).toBeUndefined();
      expect(existsSync(join((await unpackImage(host, inMemory, image)).root, 'cap'))).toBe(true);
    } finally {
      rmSync(inMemory, { recursive: true });
    }
  });
});

function rewrite(path: string, content: string): void {
  const { mode } = statSync(path);
  writeFileSync(path, content);
  chmodSync(path, mode);
}
