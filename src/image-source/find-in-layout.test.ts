import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { annotationKeys } from '../core/oci/annotations.ts';
import { blobPath } from '../core/oci/digest.ts';
import { makeLayout } from '../image/testing/layout-maker.ts';
import { addImage, layerOf, useArchivePlace } from './testing/archive-place.ts';

const { place, find, contentOf } = useArchivePlace();

const named = (descriptor: object, name: string) => ({
  ...descriptor,
  annotations: { [annotationKeys.refName]: name },
});

const tar = (path: string) => execFileSync('tar', ['-cf', place.archive, '-C', path, '.']);

describe('a layout', () => {
  it.each([
    ['with an index', true],
    ['with the platforms side by side', false],
  ])(
    '%s gives the platform that is wanted, from its place.directory and as an archive',
    async (_, nested) => {
      const maker = makeLayout(place.layout);
      const images = [addImage(maker, 'amd64'), addImage(maker, 'arm', 'v6'), addImage(maker, 's390x')];
      const list = images.map(({ image, platform }) => (nested ? { ...image, platform } : image));
      maker.finish(nested ? [named(maker.index(list), 'v1')] : list);
      tar(place.layout);
      const packed = join(place.directory, 'image.tar.gz');
      writeFileSync(packed, gzipSync(readFileSync(place.archive)));
      for (const path of [place.layout, place.archive, packed]) {
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
      expect(readdirSync(join(place.directory, 'work'))).toEqual([]);
    },
  );

  it('of several images needs a name, by tag or by reference', async () => {
    const maker = makeLayout(place.layout);
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
    const maker = makeLayout(place.layout);
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

describe('a place.layout of somebody who means no good', () => {
  let layer: { digest: `sha256:${string}` };
  let image: { digest: `sha256:${string}` };

  beforeEach(() => {
    const maker = makeLayout(place.layout);
    const { platform, ...made } = addImage(maker, 'arm64');
    ({ layer, image } = made);
    maker.finish([{ ...made.image, platform }]);
  });
  const blob = ({ digest }: { digest: `sha256:${string}` }) => join(place.layout, blobPath(digest));
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
      { 'a blob': blob(layer), 'the blobs': join(place.layout, 'blobs/sha256') }[what] ??
      join(place.layout, 'index.json');
    const outside = join(place.directory, 'outside');
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
    const maker = makeLayout(place.layout);
    let index = maker.index([image]);
    for (let depth = 0; depth < 6; depth += 1) index = maker.index([index]);
    maker.finish([index]);
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    // With the platform said, so that nothing is read for it thousands of times.
    const entry = { ...image, platform: { os: 'linux', architecture: 'arm64' } };
    maker.finish(Array.from({ length: 3000 }, () => entry));
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('has as many layers as its configuration', async () => {
    const maker = makeLayout(place.layout);
    const { layer: one } = addImage(maker, 'arm64');
    maker.finish([maker.image([[one, one.digest]], { architecture: 'arm64' }, { layers: [] })]);
    await expect(open()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });
});
