import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../../src/host/node/node-host.ts';
import {
  listImages,
  pruneImages,
  removeImages,
  removeStore,
  storedByReference,
  unpackImage,
  useImage,
  verifyImages,
} from '../../src/image-store/index.ts';
import type { OpenedImage } from '../../src/image-store/index.ts';
import { layerFile, openedImage } from '../../src/image-store/testing/opened-images.ts';
import { makeTar } from '../../src/image-store/testing/tar-maker.ts';
import type { Member } from '../../src/image-store/testing/tar-maker.ts';
import { run } from '../support/command.ts';
import { storeCommand } from '../support/image-store-child.ts';
import type { StoreChildResult } from '../support/image-store-child.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const host = nodeHost();

let place: string;
let state: string;

beforeEach(() => {
  place = temporaryDirectory('store');
  state = join(place, 'state');
});

function imageOf(members: readonly Member[], reference = 'test:latest'): OpenedImage {
  return openedImage([layerFile(place, makeTar(members))], reference);
}

function left(): string[] {
  return readdirSync(join(state, 'images')).sort();
}

describe('an image that something was taken from', () => {
  const taken: [string, (directory: string) => void][] = [
    [
      'its tree',
      (directory) => {
        renameSync(join(directory, 'tree'), join(place, 'away'));
      },
    ],
    [
      'the file that is locked by who uses it',
      (directory) => {
        rmSync(join(directory, 'in-use'));
      },
    ],
  ];

  it.each(taken)('is found no more, told of and unpacked again: %s', async (_what, take) => {
    const image = imageOf([{ path: 'x', content: 'x' }]);
    const { root } = await unpackImage(host, state, image);
    await unpackImage(host, state, imageOf([{ path: 'y', content: 'y' }], 'other:1'));
    take(dirname(root));
    const verified = await verifyImages(host, state, []);
    expect(verified.map(({ outcome }) => outcome).sort()).toEqual(['failed', 'intact']);
    expect(verified.find(({ outcome }) => outcome === 'failed')).toMatchObject({
      references: ['test:latest'],
      error: { code: 'ANYARCH_STATE_INVALID' },
    });
    expect(listImages(host, state)).toMatchObject([{ references: ['other:1'] }]);
    expect(storedByReference(host, state, 'test:latest', image.platform)).toBeUndefined();
    const again = await unpackImage(host, state, image);
    expect(readFileSync(join(again.root, 'x'), 'utf8')).toBe('x');
    useImage(host, again)();
    expect((await verifyImages(host, state, [])).map(({ outcome }) => outcome)).toEqual(['intact', 'intact']);
  });

  it.each(taken)('is removed by its digest, and by pruning: %s', async (_what, take) => {
    const { root, digest } = await unpackImage(host, state, imageOf([]));
    take(dirname(root));
    expect(await removeImages(host, state, [digest])).toMatchObject([{ outcome: 'removed' }]);
    rmSync(join(place, 'away'), { recursive: true, force: true });
    take(dirname((await unpackImage(host, state, imageOf([]))).root));
    expect(await pruneImages(host, state, { olderThanMs: 0 })).toMatchObject([{ outcome: 'removed' }]);
    expect(left()).toEqual([]);
  });

  it.each(['size', 'entries', 'at', 'diffIds', 'listing', 'images', 'ids'])(
    'is damaged when its document lacks something: %s',
    async (field) => {
      const { root, digest } = await unpackImage(host, state, imageOf([]));
      const path = join(root, '../image.json');
      const document = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
      writeFileSync(path, JSON.stringify({ ...document, [field]: undefined }));
      expect(listImages(host, state)).toEqual([]);
      expect(await verifyImages(host, state, [])).toMatchObject([
        { outcome: 'failed', error: { code: 'ANYARCH_STATE_INVALID' } },
      ]);
      expect(await removeImages(host, state, [digest])).toMatchObject([{ outcome: 'removed' }]);
    },
  );
});

describe('what a killed command has left', () => {
  it('is told of before it goes, and when it has gone', async () => {
    const leftover = join(state, 'images/.building-99999999-abc');
    mkdirSync(join(leftover, 'tree'), { recursive: true });
    writeFileSync(join(leftover, 'tree/x'), 'content');
    const told = [{ outcome: 'removed', path: leftover, size: 'content'.length }];
    expect(await pruneImages(host, state, { olderThanMs: 1e9, dryRun: true })).toMatchObject(told);
    expect(existsSync(leftover)).toBe(true);
    expect(await pruneImages(host, state, { olderThanMs: 1e9 })).toMatchObject(told);
    expect(left()).toEqual([]);
    expect(await pruneImages(host, state, { olderThanMs: 1e9 })).toEqual([]);
  });

  it('is left alone while somebody works in it', async () => {
    const { makeWorkPlace } = await import('../../src/image-store/work-place.ts');
    const working = makeWorkPlace(host, state, 'building');
    expect(await pruneImages(host, state, { olderThanMs: 0 })).toEqual([]);
    expect(existsSync(working.path)).toBe(true);
    working.release();
    expect(await pruneImages(host, state, { olderThanMs: 0 })).toMatchObject([{ path: working.path }]);
  });
});

describe('the end of the store', () => {
  it('takes its directories with it, whatever trees have', async () => {
    await unpackImage(
      host,
      state,
      imageOf([
        { path: 'd/', mode: 0o644 },
        { path: 'd/f', content: 'x' },
        { path: `${`${'d'.repeat(195)}/`.repeat(20)}f`, content: 'deep' },
      ]),
    );
    expect(await removeStore(host, state, { dryRun: true })).toMatchObject([{ outcome: 'removed' }]);
    expect(left()).toHaveLength(1);
    expect(await removeStore(host, state)).toMatchObject([{ outcome: 'removed' }]);
    expect(readdirSync(state)).toEqual([]);
  });

  it('leaves a directory that somebody has put something in', async () => {
    await unpackImage(host, state, imageOf([]));
    writeFileSync(join(state, 'images/mine'), '');
    await removeStore(host, state);
    expect(left()).toEqual(['mine']);
  });
});

describe('on a full disk', () => {
  const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');
  const xattr = { 'SCHILY.xattr.security.capability': capability };

  it.each(['verify', 'remove'] as const)('images can be looked at and removed: %s', async (then) => {
    const image = imageOf([
      { path: 'x', content: 'x', pax: xattr },
      { path: 'big', content: Buffer.alloc(1 << 20, 'x') },
    ]);
    const inTmpfs = ['unshare', '--user', '--map-root-user', '--mount'];
    const { stdout, stderr } = await run([
      ...inTmpfs,
      ...storeCommand({ state, image, tmpfsKiB: 4096, fill: true, then }),
    ]);
    const last = stdout.trim().split('\n').at(-1);
    if (last?.startsWith('{') !== true) throw new Error(`the child printed no result: ${stderr}`);
    expect(JSON.parse(last) as StoreChildResult).toMatchObject(
      then === 'verify'
        ? { outcome: 'ok', verified: 'intact' }
        : { outcome: 'ok', removed: 'removed', left: [] },
    );
  });
});
