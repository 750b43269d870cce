import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { limitsFrom } from '../image-store/index.ts';
import { saveImages, useArchivePlace, type SavedImage } from './testing/archive-place.ts';

const { place, find, contentOf } = useArchivePlace();
const save = async (images: readonly SavedImage[], change?: (list: object[]) => unknown): Promise<void> => {
  await saveImages(place.archive, images, change);
};

describe('a docker-archive', () => {
  const arm: SavedImage = { architecture: 'arm64', names: ['arm:latest', 'localhost/other:1'] };
  const z: SavedImage = { architecture: 's390x', names: ['z:latest'] };

  it('gives its only image, by any of its names', async () => {
    await save([arm]);
    for (const part of [undefined, 'arm', 'docker.io/library/arm:latest', 'localhost/other:1'])
      expect(await contentOf({ kind: 'docker-archive', path: place.archive, part })).toBe(
        'the layer of arm64',
      );
    expect(await contentOf({ path: place.archive })).toBe('the layer of arm64');
    await expect(find({ path: place.archive, part: 'other' })).rejects.toThrowWithCode(
      'ANYARCH_IMAGE_NOT_FOUND',
    );
    await expect(find({ path: place.archive }, 's390x')).rejects.toThrowWithCode(
      'ANYARCH_PLATFORM_NOT_FOUND',
    );
  });

  it('of several images needs a name', async () => {
    await save([arm, z]);
    expect(await contentOf({ path: place.archive, part: 'z' })).toBe('the layer of s390x');
    await expect(find({ path: place.archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_NOT_FOUND');
  });

  it('of one image for several platforms gives the one that is wanted', async () => {
    await save([
      { ...arm, names: ['x'] },
      { architecture: 'amd64', names: ['x'] },
    ]);
    expect(await contentOf({ path: place.archive })).toBe('the layer of amd64');
    expect(await contentOf({ path: place.archive }, 'arm64')).toBe('the layer of arm64');
  });

  it('may have an image without a name, and one without its variant', async () => {
    await save([{ architecture: 'arm', names: null }]);
    expect(await contentOf({ path: place.archive }, 'arm', 'v6')).toBe('the layer of arm');
  });

  it.each<[string, (list: readonly object[]) => unknown, string]>([
    ['no list', () => ({}), 'ANYARCH_IMAGE_INVALID'],
    ['no images', () => [], 'ANYARCH_PLATFORM_NOT_FOUND'],
    [
      'a configuration elsewhere',
      (list) => list.map((one) => ({ ...one, Config: '/etc/passwd' })),
      'ANYARCH_IMAGE_INVALID',
    ],
    [
      'a configuration above',
      (list) => list.map((one) => ({ ...one, Config: '../../../etc/passwd' })),
      'ANYARCH_IMAGE_INVALID',
    ],
    [
      'a layer elsewhere',
      (list) => list.map((one) => ({ ...one, Layers: ['/etc/passwd'] })),
      'ANYARCH_IMAGE_INVALID',
    ],
    ['a layer too few', (list) => list.map((one) => ({ ...one, Layers: [] })), 'ANYARCH_IMAGE_INVALID'],
    ['too many images', ([one]) => Array.from({ length: 2000 }, () => one), 'ANYARCH_IMAGE_INVALID'],
  ])('is refused with %s', async (_, change, code) => {
    await save([arm], change);
    await expect(find({ path: place.archive }, 'arm64').then((found) => found.open())).rejects.toHaveProperty(
      'code',
      code,
    );
  });

  it('is refused when a configuration is not what its name says', async () => {
    await save([arm], (list) => list.map((one) => ({ ...one, Config: `${'0'.repeat(64)}.json` })));
    await expect(find({ path: place.archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    const writer = pack();
    writer.entry({ name: `${'0'.repeat(64)}.json` }, '{}');
    const [entry] = [{ Config: `${'0'.repeat(64)}.json`, Layers: [] }];
    writer.entry({ name: 'manifest.json' }, JSON.stringify([entry]));
    writer.finalize();
    await writeFile(place.archive, writer as AsyncIterable<Uint8Array>);
    await expect(find({ path: place.archive })).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
  });

  it('packed as a whole has the same place.limits as its layers', async () => {
    await save([arm]);
    const plain = readFileSync(place.archive);
    writeFileSync(place.archive, gzipSync(plain));
    const found = await find({ path: place.archive });
    const [layer] = (await found.open()).layers;
    expect(layer?.share).toBeCloseTo(readFileSync(place.archive).length / plain.length);
    await found.close(true);
    place.limits = limitsFrom({ ANYARCH_IMAGE_MAX_BYTES: String(plain.length) });
    expect(await contentOf({ path: place.archive })).toBe('the layer of arm64');
    place.limits = limitsFrom({ ANYARCH_IMAGE_MAX_BYTES: String(plain.length - 1) });
    await expect(find({ path: place.archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_LIMIT');
    expect(readdirSync(join(place.directory, 'work'))).toEqual([]);
  });

  it('may be packed with padding behind it', async () => {
    await save([arm]);
    writeFileSync(
      place.archive,
      Buffer.concat([gzipSync(readFileSync(place.archive)), Buffer.alloc(3_000_000)]),
    );
    expect(await contentOf({ path: place.archive })).toBe('the layer of arm64');
  });

  it('packed and damaged leaves nothing', async () => {
    await save([arm]);
    writeFileSync(place.archive, gzipSync(readFileSync(place.archive)));
    expect(await contentOf({ path: place.archive })).toBe('the layer of arm64');
    truncateSync(place.archive, 100);
    await expect(find({ path: place.archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    expect(readdirSync(join(place.directory, 'work'))).toEqual([]);
  });

  it('takes what a killed process left away', async () => {
    const abandoned = join(place.directory, 'work', '1-999999-1.0123456789ab');
    mkdirSync(abandoned, { recursive: true });
    execFileSync('touch', ['-d', '2020-01-01', abandoned]);
    await save([arm]);
    writeFileSync(place.archive, gzipSync(readFileSync(place.archive)));
    await contentOf({ path: place.archive });
    expect(existsSync(abandoned)).toBe(false);
  });
});

it.each([
  ['a place.directory that is none', 'ANYARCH_IMAGE_INVALID'],
  ['a text', 'ANYARCH_IMAGE_INVALID'],
  ['nothing', 'ANYARCH_FILE'],
  ['a FIFO', 'ANYARCH_IMAGE_INVALID'],
  ['a device', 'ANYARCH_IMAGE_INVALID'],
] as const)('refuses %s', async (what, code) => {
  if (what === 'a place.directory that is none') mkdirSync(place.layout);
  if (what === 'a text') writeFileSync(place.layout, what);
  if (what === 'a FIFO') execFileSync('mkfifo', [place.layout]);
  if (what === 'a device') symlinkSync('/dev/zero', place.layout);
  for (const kind of ['path', 'oci', 'docker-archive'] as const)
    await expect(find({ kind })).rejects.toThrowWithCode(code);
});
