import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { mediaTypes } from '../../core/oci/media-types.ts';
import { inspectImages } from '../index.ts';
import { makeLayout, sha256Hex, type LayoutMaker } from '../testing/layout-maker.ts';

let directory: string;
let layout: LayoutMaker;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-inspect-'));
  layout = makeLayout(directory);
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const layer = Buffer.from('no tar');
const image = (config: object = {}, manifest: object = {}) =>
  layout.image([[layout.blob(layer, mediaTypes.layerTar), `sha256:${sha256Hex(layer)}`]], config, manifest);
const times = <T>(count: number, item: T): T[] => Array.from({ length: count }, () => item);
const named = (descriptor: Descriptor, name: string) => ({
  ...descriptor,
  annotations: { 'org.opencontainers.image.ref.name': name },
});

describe('indices that list each other many times', () => {
  it('are read once each', async () => {
    let descriptor = image();
    // 100 to the power of 3 ways to the one image.
    for (let level = 0; level < 3; level++) descriptor = layout.index(times(100, descriptor));
    layout.finish([named(descriptor, 'latest')]);
    const { tags, images, problems, verified } = await inspectImages(directory);
    expect(problems).toEqual([]);
    expect(images).toHaveLength(1);
    expect(tags.map((tag) => tag.images)).toEqual([[images[0]!.digest]]);
    expect(verified.count).toBe(6);
  });

  it('are given up when they go too deep, and the rest is looked at', async () => {
    let descriptor = image();
    for (let level = 0; level < 5; level++) descriptor = layout.index([descriptor]);
    layout.finish([descriptor, image({ architecture: 's390x' })]);
    const { images, problems } = await inspectImages(directory);
    expect(problems).toEqual([expect.stringContaining('indices are nested too deeply')]);
    expect(images.map(({ platform }) => platform)).toEqual(['linux/s390x']);
  });
});

it('gives up a docker-archive with too many images, too', async () => {
  const text = JSON.stringify(times(2001, { Config: 'config', Layers: [], RepoTags: [] }));
  const archive = pack();
  archive.entry({ name: 'manifest.json' }, text);
  archive.entry({ name: 'config' }, JSON.stringify({ os: 'linux', architecture: 'arm', rootfs: {} }));
  archive.finalize();
  const path = join(directory, 'archive.tar');
  await writeFile(path, archive as AsyncIterable<Uint8Array>);
  await expect(inspectImages(path)).rejects.toThrow('there are more than 2000 manifests in it');
});

describe('what is too much', () => {
  it.each([
    ['2000 manifests', manyKinds],
    ['100000 references', manyTimesOneImage],
    ['67108864 bytes of documents', manyOfOneConfiguration],
    ['100000 references', manyTagsOfManyImages],
  ])(
    'ends with a coded error: %s',
    async (what, manifests) => {
      layout.finish(manifests());
      await expect(inspectImages(directory)).rejects.toMatchObject({
        code: 'ANYARCH_IMAGE_INVALID',
        message: `there are more than ${what} in it`,
      });
    },
    // That much is made, hashed and read.
    30_000,
  );

  function manyKinds(): object[] {
    const one = image();
    return Array.from({ length: 2001 }, (_, n) => ({ ...one, mediaType: `x/${n}` }));
  }

  function manyTimesOneImage(): object[] {
    const one = image();
    return Array.from({ length: 3 }, (_, n) => layout.index(times(20_000 + n, one)));
  }

  /** Each image would have a copy of it in the result. */
  function manyOfOneConfiguration(): Descriptor[] {
    const config = { config: { Env: ['x'.repeat(3_000_000)] } };
    return Array.from({ length: 30 }, (_, n) => image(config, { annotations: { n: String(n) } }));
  }

  function manyTagsOfManyImages(): object[] {
    const images = Array.from({ length: 500 }, (_, n) => image({ created: String(n) }));
    const all = layout.index(images);
    return Array.from({ length: 250 }, (_, n) => named(all, String(n)));
  }
});
