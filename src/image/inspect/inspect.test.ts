import { createHash } from 'node:crypto';
import { readFileSync, rmSync, truncateSync, writeFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildImages, inspectImages, type BuildOptions, type BuildReport } from '../index.ts';
import { imageHost, imageOptions, makeImageSources, type ImageSources } from '../testing/image-sources.ts';

const platforms = ['linux/amd64', 'linux/arm64'];
const wanted = { platforms, targets: ['arm', 's390x'], tags: ['latest', 'register', 'x86_64-arm'] };
let sources: ImageSources;

beforeEach(() => {
  sources = makeImageSources(platforms, wanted.targets);
});
afterEach(() => {
  rmSync(sources.directory, { recursive: true });
});

async function build(others: Partial<BuildOptions> = {}, want = wanted): Promise<BuildReport> {
  return await buildImages(imageHost(), imageOptions(sources, want, others));
}

describe('inspecting what was built', () => {
  it.each([
    ['oci', 'gzip'],
    ['oci', 'zstd'],
    ['oci-archive', 'none'],
    ['oci-archive', 'gzip'],
  ] as const)('finds everything intact in %s with %s', async (format, compression) => {
    const { output, tags } = await build({ format, compression });
    const inspection = await inspectImages(output);
    expect(inspection).toMatchObject({ format, problems: [] });
    expect(inspection.tags.map(({ name, digest }) => [name, digest])).toEqual(
      tags.map(({ tag, descriptor }) => [tag.name, descriptor.digest]),
    );
    const [latest] = inspection.tags;
    expect(
      latest!.images.map((digest) => inspection.images.find((image) => image.digest === digest)?.platform),
    ).toEqual(platforms);
    const [image] = inspection.images;
    expect(image!.layers.map(({ createdBy }) => createdBy)).toEqual([
      'anyarch image build: QEMU 11.1.3 for arm',
      'anyarch image build: QEMU 11.1.3 for s390x',
      'anyarch image build: the program anyarch and what a root file system needs',
    ]);
    expect(image!.layers[0]!.unpackedSize).toBeGreaterThan(25_000);
    expect(image!.referrers.map(({ summary }) => summary)).toEqual([
      'CycloneDX 1.6: anyarch 1.2.3, quickjs 2025.04.26, musl 1.2.5-3, qemu-arm 11.1.3, qemu-s390x 11.1.3',
      'https://slsa.dev/provenance/v1: 3 inputs',
    ]);
  });

  it('finds everything intact in a docker-archive', async () => {
    const { output } = await build(
      { format: 'docker-archive', name: 'anyarch' },
      { platforms: ['linux/amd64'], targets: ['arm'], tags: ['latest', '1.2.3', 'arm'] },
    );
    const inspection = await inspectImages(output);
    expect(inspection).toMatchObject({ format: 'docker-archive', problems: [] });
    expect(inspection.tags.map(({ name }) => name)).toEqual([
      'anyarch:latest',
      'anyarch:1.2.3',
      'anyarch:arm',
    ]);
    expect(inspection.images.map(({ layers }) => layers.length)).toEqual([2, 2]);
  });
});

describe('damaged layouts', () => {
  it('names every blob whose content is another one or missing, and goes on', async () => {
    const { output, tags } = await build({ attestations: false });
    const [latest, , single] = tags;
    const blob = (digest: string) => join(output, 'blobs/sha256', digest.slice(7));
    const { layers } = latest!.images[1]!;
    const bytes = readFileSync(blob(layers[0]!.digest));
    bytes[bytes.length - 9]! ^= 1;
    writeFileSync(blob(layers[0]!.digest), bytes);
    rmSync(blob(single!.descriptor.digest));
    const { problems, images } = await inspectImages(output);
    const changed = createHash('sha256').update(bytes).digest('hex');
    expect(problems).toEqual([
      `${layers[0]!.digest} has the content of sha256:${changed}`,
      `${output} cannot be used: it has no blobs/sha256/${single!.descriptor.digest.slice(7)}`,
    ]);
    expect(images).toHaveLength(4);
  });

  it('notices a layer that is not the one that the configuration was made for', async () => {
    const { output, tags } = await build({ attestations: false });
    const index = join(output, 'index.json');
    const [image] = tags[0]!.images;
    const manifest = join(output, 'blobs/sha256', image!.descriptor.digest.slice(7));
    const swapped = JSON.parse(readFileSync(manifest, 'utf8')) as { layers: unknown[] };
    swapped.layers.reverse();
    const text = JSON.stringify(swapped);
    const digest = createHash('sha256').update(text).digest('hex');
    writeFileSync(join(output, 'blobs/sha256', digest), text);
    const descriptor = { ...image!.descriptor, digest: `sha256:${digest}`, size: text.length };
    writeFileSync(index, JSON.stringify({ schemaVersion: 2, manifests: [descriptor] }));
    const { problems } = await inspectImages(output);
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^sha256:\S+ unpacks to sha256:\S+, and the configuration says sha256:/);
  });

  it('says what is no image', async () => {
    const file = join(sources.directory, 'file');
    writeFileSync(file, 'no tar'.repeat(1000));
    await expect(inspectImages(file)).rejects.toHaveProperty('code', 'ANYARCH_IMAGE_INVALID');
    await expect(inspectImages(sources.directory)).rejects.toHaveProperty('code', 'ANYARCH_IMAGE_INVALID');
    await expect(inspectImages(join(file, 'x'))).rejects.toHaveProperty('code', 'ANYARCH_FILE');
    const { output } = await build({ format: 'oci-archive' });
    truncateSync(output, 20_000);
    await expect(inspectImages(output)).rejects.toHaveProperty('code', 'ANYARCH_IMAGE_INVALID');
  });
});

describe('the same inputs', () => {
  let second: ImageSources;
  beforeAll(() => {
    second = makeImageSources(platforms, wanted.targets);
  });
  afterAll(() => {
    rmSync(second.directory, { recursive: true });
  });

  it.each(['oci-archive', 'docker-archive'] as const)(
    'give the same bytes of a %s in another directory',
    async (format) => {
      const want = format === 'oci-archive' ? wanted : { ...wanted, platforms: ['linux/amd64'] };
      const first = await build({ format }, want);
      const output = join(second.directory, format);
      await buildImages(imageHost(), imageOptions(second, want, { format, output }));
      expect(readFileSync(output).equals(readFileSync(first.output))).toBe(true);
    },
  );

  it('give the same files of a layout, whatever the order of architectures', async () => {
    const first = await build();
    const output = join(second.directory, 'layout');
    const turned = { ...wanted, targets: [...wanted.targets].reverse() };
    await buildImages(imageHost(), imageOptions(second, turned, { output }));
    const blobs = (directory: string) => readdirSync(join(directory, 'blobs/sha256')).sort();
    expect(blobs(output)).toEqual(blobs(first.output));
    expect(readFileSync(join(output, 'index.json'))).toEqual(readFileSync(join(first.output, 'index.json')));
  });
});
