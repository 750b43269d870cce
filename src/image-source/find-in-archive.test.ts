import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { annotationKeys } from '../core/oci/annotations.ts';
import { blobPath } from '../core/oci/digest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { makeLayout, sha256Hex } from '../image/testing/layout-maker.ts';
import { findInArchive, type ArchiveName } from './find-in-archive.ts';
import { limitsFrom } from '../image-store/index.ts';
import type { SourceOptions } from './found-image.ts';

let directory: string;
let layout: string;
let archive: string;
let limits: SourceOptions['limits'];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-source-'));
  layout = join(directory, 'layout');
  archive = join(directory, 'image.tar');
  limits = limitsFrom({});
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const layerOf = (text: string) => Buffer.from(`the layer of ${text}`);

/** An image of one layer; the layer says for whom it is. */
function addImage(maker: ReturnType<typeof makeLayout>, architecture: string, variant?: string) {
  const content = layerOf(`${architecture}${variant ?? ''}`);
  const layer = maker.blob(content, mediaTypes.layerTar);
  const config = {
    architecture,
    ...(variant === undefined ? {} : { variant }),
    config: { Cmd: [architecture] },
  };
  const image = maker.image([[layer, layer.digest]], config);
  return {
    image,
    layer,
    platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) },
  };
}

const named = (descriptor: object, name: string) => ({
  ...descriptor,
  annotations: { [annotationKeys.refName]: name },
});

async function find(where: Partial<ArchiveName>, architecture?: string, variant?: string) {
  const platform = {
    os: 'linux',
    architecture: architecture ?? '',
    ...(variant === undefined ? {} : { variant }),
  };
  const options: SourceOptions = {
    wanted: {
      named: architecture === undefined ? undefined : platform,
      own: { os: 'linux', architecture: 'amd64' },
    },
    workDirectory: join(directory, 'work'),
    limits,
    connection: {},
  };
  return await findInArchive({ kind: 'path', path: layout, part: undefined, ...where }, 'the name', options);
}

/** What the one layer of an image holds. */
async function contentOf(...where: Parameters<typeof find>): Promise<string> {
  const found = await find(...where);
  try {
    const { layers, platform, config } = await found.open();
    expect(config.config.Cmd).toEqual([platform.architecture]);
    const [layer] = layers;
    return readFileSync(layer?.path ?? '')
      .subarray(layer?.offset, (layer?.offset ?? 0) + (layer?.size ?? 0))
      .toString();
  } finally {
    await found.close(true);
  }
}

const tar = (path: string) => execFileSync('tar', ['-cf', archive, '-C', path, '.']);

describe('a layout', () => {
  it.each([
    ['with an index', true],
    ['with the platforms side by side', false],
  ])('%s gives the platform that is wanted, from its directory and as an archive', async (_, nested) => {
    const maker = makeLayout(layout);
    const images = [addImage(maker, 'amd64'), addImage(maker, 'arm', 'v6'), addImage(maker, 's390x')];
    const list = images.map(({ image, platform }) => (nested ? { ...image, platform } : image));
    maker.finish(nested ? [named(maker.index(list), 'v1')] : list);
    tar(layout);
    const packed = join(directory, 'image.tar.gz');
    writeFileSync(packed, gzipSync(readFileSync(archive)));
    for (const path of [layout, archive, packed]) {
      expect(await contentOf({ path })).toBe('the layer of amd64');
      expect(await contentOf({ path }, 'arm', 'v7')).toBe('the layer of armv6');
      expect(await contentOf({ path }, 's390x')).toBe('the layer of s390x');
      const refusal = find({ path }, 'riscv64');
      await expect(refusal).rejects.toThrowWithCode('ANYARCH_PLATFORM_NOT_FOUND');
      await expect(refusal).rejects.toHaveProperty(
        'hint',
        'it has linux/amd64, linux/arm/v6, linux/s390x; choose one with -a',
      );
    }
    expect(readdirSync(join(directory, 'work'))).toEqual([]);
  });

  it('of several images needs a name, by tag or by reference', async () => {
    const maker = makeLayout(layout);
    const [one, two] = [addImage(maker, 'arm64'), addImage(maker, 's390x')];
    maker.finish([
      named(one.image, 'one'),
      { ...two.image, annotations: { 'io.containerd.image.name': 'docker.io/library/two:latest' } },
    ]);
    expect(await contentOf({ kind: 'oci', part: 'one' })).toBe('the layer of arm64');
    expect(await contentOf({ kind: 'oci', part: 'two' })).toBe('the layer of s390x');
    for (const part of [undefined, 'three']) {
      const refusal = find({ part });
      await expect(refusal).rejects.toThrowWithCode('ANYARCH_IMAGE_NOT_FOUND');
      await expect(refusal).rejects.toHaveProperty('hint', expect.stringContaining('one') as string);
    }
  });

  it('does not take attestations for images', async () => {
    const maker = makeLayout(layout);
    const { image, platform } = addImage(maker, 'arm64');
    const attestation = {
      ...addImage(maker, 'unknown').image,
      platform: { os: 'unknown', architecture: 'unknown' },
    };
    const artifact = { ...maker.image([], {}, { subject: image }), artifactType: 'x/y' };
    maker.finish([maker.index([{ ...image, platform }, attestation]), artifact]);
    expect(await contentOf({})).toBe('the layer of arm64');
  });
});

describe('a layout of somebody who means no good', () => {
  let layer: { digest: `sha256:${string}` };
  let image: { digest: `sha256:${string}` };

  beforeEach(() => {
    const maker = makeLayout(layout);
    const { platform, ...made } = addImage(maker, 'arm64');
    ({ layer, image } = made);
    maker.finish([{ ...made.image, platform }]);
  });
  const blob = ({ digest }: { digest: `sha256:${string}` }) => join(layout, blobPath(digest));
  const open = async () => (await find({}, 'arm64')).open();

  it('is fine when it is left alone', async () => {
    expect((await open()).layers).toHaveLength(1);
  });

  it('cannot have another layer, of the same or another size', async () => {
    writeFileSync(blob(layer), layerOf('arm63'));
    await expect(open()).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
    appendFileSync(blob(layer), 'x');
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    rmSync(blob(layer));
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('cannot have another manifest', async () => {
    writeFileSync(blob(image), readFileSync(blob(image), 'utf8').replace('"size"', '"size" '));
    await expect(open()).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
  });

  it.each(['a blob', 'the blobs', 'the index'])('has no links that are followed: %s', async (what) => {
    const path =
      { 'a blob': blob(layer), 'the blobs': join(layout, 'blobs/sha256') }[what] ??
      join(layout, 'index.json');
    const outside = join(directory, 'outside');
    renameSync(path, outside);
    symlinkSync(outside, path);
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('has no FIFO that is waited for', async () => {
    rmSync(blob(layer));
    execFileSync('mkfifo', [blob(layer)]);
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('has no indices without end', async () => {
    const maker = makeLayout(layout);
    let index = maker.index([image]);
    for (let depth = 0; depth < 6; depth += 1) index = maker.index([index]);
    maker.finish([index]);
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    maker.finish(Array.from({ length: 3000 }, () => image));
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('has as many layers as its configuration', async () => {
    const maker = makeLayout(layout);
    const { layer: one } = addImage(maker, 'arm64');
    maker.finish([maker.image([[one, one.digest]], { architecture: 'arm64' }, { layers: [] })]);
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });
});

interface SavedImage {
  readonly architecture: string;
  readonly names: readonly string[] | null;
  readonly variant?: string;
}

/** What docker save writes (moby, image/spec/v1.2.md), or what is said instead. */
async function save(images: readonly SavedImage[], change: (list: object[]) => unknown = (list) => list) {
  const writer = pack();
  const list = images.map(({ architecture, names, variant }) => {
    const layer = layerOf(`${architecture}${variant ?? ''}`);
    const hex = sha256Hex(layer);
    const config = JSON.stringify({
      os: 'linux',
      architecture,
      variant,
      config: { Cmd: [architecture] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${hex}`] },
    });
    writer.entry({ name: `${sha256Hex(Buffer.from(config))}.json` }, config);
    writer.entry({ name: `${hex}/layer.tar` }, layer);
    // Layers that are shared are links in older archives.
    writer.entry({ name: `${hex}.tar`, type: 'symlink', linkname: `${hex}/layer.tar` });
    return {
      Config: `${sha256Hex(Buffer.from(config))}.json`,
      RepoTags: names,
      Layers: [`${hex}.tar`],
    };
  });
  writer.entry({ name: 'manifest.json' }, JSON.stringify(change(list)));
  writer.finalize();
  await writeFile(archive, writer as AsyncIterable<Uint8Array>);
}

describe('a docker-archive', () => {
  const arm: SavedImage = { architecture: 'arm64', names: ['arm:latest', 'localhost/other:1'] };
  const z: SavedImage = { architecture: 's390x', names: ['z:latest'] };

  it('gives its only image, by any of its names', async () => {
    await save([arm]);
    for (const part of [undefined, 'arm', 'docker.io/library/arm:latest', 'localhost/other:1'])
      expect(await contentOf({ kind: 'docker-archive', path: archive, part })).toBe('the layer of arm64');
    expect(await contentOf({ path: archive })).toBe('the layer of arm64');
    await expect(find({ path: archive, part: 'other' })).rejects.toThrowWithCode('ANYARCH_IMAGE_NOT_FOUND');
    await expect(find({ path: archive }, 's390x')).rejects.toThrowWithCode('ANYARCH_PLATFORM_NOT_FOUND');
  });

  it('of several images needs a name', async () => {
    await save([arm, z]);
    expect(await contentOf({ path: archive, part: 'z' })).toBe('the layer of s390x');
    await expect(find({ path: archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_NOT_FOUND');
  });

  it('of one image for several platforms gives the one that is wanted', async () => {
    await save([
      { ...arm, names: ['x'] },
      { architecture: 'amd64', names: ['x'] },
    ]);
    expect(await contentOf({ path: archive })).toBe('the layer of amd64');
    expect(await contentOf({ path: archive }, 'arm64')).toBe('the layer of arm64');
  });

  it('may have an image without a name, and one without its variant', async () => {
    await save([{ architecture: 'arm', names: null }]);
    expect(await contentOf({ path: archive }, 'arm', 'v6')).toBe('the layer of arm');
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
    await expect(find({ path: archive }, 'arm64').then((found) => found.open())).rejects.toHaveProperty(
      'code',
      code,
    );
  });

  it('is refused when a configuration is not what its name says', async () => {
    await save([arm], (list) => list.map((one) => ({ ...one, Config: `${'0'.repeat(64)}.json` })));
    await expect(find({ path: archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    const writer = pack();
    writer.entry({ name: `${'0'.repeat(64)}.json` }, '{}');
    const [entry] = [{ Config: `${'0'.repeat(64)}.json`, Layers: [] }];
    writer.entry({ name: 'manifest.json' }, JSON.stringify([entry]));
    writer.finalize();
    await writeFile(archive, writer as AsyncIterable<Uint8Array>);
    await expect(find({ path: archive })).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
  });

  it('packed as a whole has the same limits as its layers', async () => {
    await save([arm]);
    const plain = readFileSync(archive);
    writeFileSync(archive, gzipSync(plain));
    const found = await find({ path: archive });
    const [layer] = (await found.open()).layers;
    expect(layer?.share).toBeCloseTo(readFileSync(archive).length / plain.length);
    await found.close(true);
    limits = limitsFrom({ ANYARCH_IMAGE_MAX_BYTES: String(plain.length) });
    expect(await contentOf({ path: archive })).toBe('the layer of arm64');
    limits = limitsFrom({ ANYARCH_IMAGE_MAX_BYTES: String(plain.length - 1) });
    await expect(find({ path: archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_LIMIT');
    expect(readdirSync(join(directory, 'work'))).toEqual([]);
  });

  it('may be packed with padding behind it', async () => {
    await save([arm]);
    writeFileSync(archive, Buffer.concat([gzipSync(readFileSync(archive)), Buffer.alloc(3_000_000)]));
    expect(await contentOf({ path: archive })).toBe('the layer of arm64');
  });

  it('packed and damaged leaves nothing', async () => {
    await save([arm]);
    writeFileSync(archive, gzipSync(readFileSync(archive)));
    expect(await contentOf({ path: archive })).toBe('the layer of arm64');
    truncateSync(archive, 100);
    await expect(find({ path: archive })).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    expect(readdirSync(join(directory, 'work'))).toEqual([]);
  });

  it('takes what a killed process left away', async () => {
    const abandoned = join(directory, 'work', '1-999999-1.0123456789ab');
    mkdirSync(abandoned, { recursive: true });
    execFileSync('touch', ['-d', '2020-01-01', abandoned]);
    await save([arm]);
    writeFileSync(archive, gzipSync(readFileSync(archive)));
    await contentOf({ path: archive });
    expect(existsSync(abandoned)).toBe(false);
  });
});

it.each([
  ['a directory that is none', 'ANYARCH_IMAGE_INVALID'],
  ['a text', 'ANYARCH_IMAGE_INVALID'],
  ['nothing', 'ANYARCH_FILE'],
  ['a FIFO', 'ANYARCH_IMAGE_INVALID'],
  ['a device', 'ANYARCH_IMAGE_INVALID'],
] as const)('refuses %s', async (what, code) => {
  if (what === 'a directory that is none') mkdirSync(layout);
  if (what === 'a text') writeFileSync(layout, what);
  if (what === 'a FIFO') execFileSync('mkfifo', [layout]);
  if (what === 'a device') symlinkSync('/dev/zero', layout);
  for (const kind of ['path', 'oci', 'docker-archive'] as const)
    await expect(find({ kind })).rejects.toThrowWithCode(code);
});
