import {
  existsSync,
  readFileSync,
  readdirSync,
  rmSync,
  truncateSync,
  writeFileSync,
  mkdirSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPath, type Digest } from '../core/oci/digest.ts';
import { parseImageConfig } from '../core/oci/image-config.ts';
import { parseIndex, parseManifest } from '../core/oci/manifest.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { architectureTags, buildImages, type BuildOptions } from './index.ts';
import {
  imageHost,
  imageOptions,
  makeImageSources,
  programFor,
  type ImageSources,
} from './testing/image-sources.ts';

const platforms = ['linux/amd64', 'linux/arm/v7', 'linux/s390x'];
const targets = ['aarch64', 'arm', 'x86_64'];
const wanted = {
  platforms,
  targets,
  tags: ['latest', '1.2.3', 'register', 'binfmt', 'qus', 'aarch64', 'x86_64-arm'],
};
let sources: ImageSources;

beforeEach(() => {
  sources = makeImageSources(platforms, targets);
});
afterEach(() => {
  rmSync(sources.directory, { recursive: true });
});

function read(digest: Digest): string {
  return readFileSync(join(sources.directory, 'output', blobPath(digest)), 'utf8');
}

function indexOfLayout() {
  return parseIndex(readFileSync(join(sources.directory, 'output/index.json'), 'utf8'), 'index.json');
}

function tagged(tag: string) {
  const found = indexOfLayout().manifests.find(
    ({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === tag,
  );
  if (found === undefined) throw new Error(`no tag ${tag}`);
  return found;
}

function manifestOf(tag: string, architecture: string) {
  const { mediaType, digest } = tagged(tag);
  if (mediaType === mediaTypes.manifest) return parseManifest(read(digest), tag);
  const one = parseIndex(read(digest), tag).manifests.find(
    ({ platform }) => platform?.architecture === architecture,
  );
  return parseManifest(read(one!.digest), tag);
}

function configOf(tag: string, architecture: string) {
  return parseImageConfig(read(manifestOf(tag, architecture).config.digest), tag);
}

describe('building a family', () => {
  it('gives every tag the emulators, the dialect and the start that its predecessor has', async () => {
    const report = await buildImages(imageHost(), imageOptions(sources, wanted));
    expect(report.warnings).toEqual([]);
    const emulators = (tag: string, architecture: string) =>
      (configOf(tag, architecture).history ?? []).flatMap(
        ({ created_by }) => /QEMU 11\.1\.3 for (\S+)/.exec(created_by ?? '')?.[1] ?? [],
      );
    // No machine gets an emulator for itself.
    expect(emulators('latest', 'amd64')).toEqual(['aarch64', 'arm']);
    expect(emulators('latest', 'arm')).toEqual(['aarch64', 'x86_64']);
    expect(emulators('binfmt', 's390x')).toEqual(['aarch64', 'arm', 'x86_64']);
    expect(emulators('register', 'amd64')).toEqual([]);
    expect(emulators('aarch64', 'amd64')).toEqual(['aarch64']);
    expect(emulators('x86_64-arm', 'amd64')).toEqual(['arm']);

    const start = (tag: string) => {
      const { Entrypoint, Cmd, Env } = configOf(tag, 'amd64').config;
      return { Entrypoint, Cmd, dialect: Env?.find((item) => item.startsWith('ANYARCH_DIALECT=')) };
    };
    const program = ['/usr/bin/anyarch'];
    expect(start('latest')).toEqual({ Entrypoint: program });
    expect(start('register')).toEqual({ Entrypoint: program, dialect: 'ANYARCH_DIALECT=multiarch' });
    expect(start('binfmt')).toEqual({ Entrypoint: program, dialect: 'ANYARCH_DIALECT=binfmt' });
    expect(start('qus')).toEqual({ Entrypoint: program, dialect: 'ANYARCH_DIALECT=qus' });
    expect(start('aarch64')).toEqual({ Cmd: ['/usr/bin/anyarch', 'register', 'aarch64'] });
    expect(configOf('binfmt', 'amd64').config.Env).toContain('QEMU_PRESERVE_ARGV0=1');
    expect(configOf('latest', 'amd64').config.Env).not.toContain('QEMU_PRESERVE_ARGV0=1');
  });

  it('lists every platform, but none twice and no tag for hosts that it is not for', async () => {
    await buildImages(imageHost(), imageOptions(sources, wanted));
    const { digest } = tagged('latest');
    expect(parseIndex(read(digest), 'latest').manifests.map(({ platform }) => platform)).toEqual([
      { os: 'linux', architecture: 'amd64' },
      { os: 'linux', architecture: 'arm', variant: 'v7' },
      { os: 'linux', architecture: 's390x' },
    ]);
    expect(tagged('x86_64-arm')).toMatchObject({
      mediaType: mediaTypes.manifest,
      platform: { os: 'linux', architecture: 'amd64' },
    });
    expect(tagged('1.2.3').digest).toBe(digest);
  });

  it('shares layers between tags', async () => {
    const { layers } = await buildImages(imageHost(), imageOptions(sources, wanted));
    // Three base layers; two emulators each for x86_64 and arm, three for s390x.
    expect(layers).toMatchObject({ count: 10, cached: 0 });
    const shared = manifestOf('latest', 'amd64').layers.map(({ digest }) => digest);
    for (const { digest } of manifestOf('aarch64', 'amd64').layers) expect(shared).toContain(digest);
  });

  it('attaches a bill of materials and the provenance to every image', async () => {
    await buildImages(imageHost(), imageOptions(sources, wanted));
    const subject = parseIndex(read(tagged('latest').digest), 'latest').manifests[0]!;
    const referrers = indexOfLayout()
      .manifests.filter(({ artifactType }) => artifactType !== undefined)
      .map(({ digest, artifactType }) => ({
        artifactType,
        manifest: parseManifest(read(digest), 'referrer'),
      }))
      .filter(({ manifest }) => manifest.subject?.digest === subject.digest);
    expect(referrers.map(({ artifactType }) => artifactType)).toEqual([
      mediaTypes.cycloneDx,
      mediaTypes.inToto,
    ]);
    const [bill, statement] = referrers.map(
      ({ manifest }) => JSON.parse(read(manifest.layers[0]!.digest)) as Record<string, unknown>,
    );
    expect(bill).toMatchObject({
      bomFormat: 'CycloneDX',
      components: expect.arrayContaining([
        expect.objectContaining({
          name: 'anyarch',
          hashes: [{ alg: 'SHA-256', content: expect.any(String) as string }],
        }),
        expect.objectContaining({ name: 'qemu-arm', version: '11.1.3' }),
      ]) as unknown,
    });
    expect(statement).toMatchObject({
      subject: [{ digest: { sha256: subject.digest.slice(7) } }],
      predicateType: 'https://slsa.dev/provenance/v1',
    });
  });
});

describe('hostile and missing inputs', () => {
  const one = { platforms: ['linux/amd64'], targets: ['aarch64'], tags: ['latest'] };

  it('leaves an output that exists alone', async () => {
    const options = imageOptions(sources, one);
    mkdirSync(options.output);
    await buildImages(imageHost(), options);
    const before = readFileSync(join(options.output, 'index.json'), 'utf8');
    await expect(
      buildImages(imageHost(), imageOptions(sources, { ...one, tags: ['register'] })),
    ).rejects.toHaveProperty('code', 'ANYARCH_OUTPUT_EXISTS');
    expect(readFileSync(join(options.output, 'index.json'), 'utf8')).toBe(before);
    const file = join(sources.directory, 'file');
    writeFileSync(file, 'mine');
    await expect(
      buildImages(imageHost(), imageOptions(sources, one, { format: 'oci-archive', output: file })),
    ).rejects.toHaveProperty('code', 'ANYARCH_OUTPUT_EXISTS');
    expect(readFileSync(file, 'utf8')).toBe('mine');
  });

  it('names the program that is missing or of another architecture, and writes nothing', async () => {
    const program = join(sources.programs, 'linux-amd64/anyarch');
    for (const spoil of [
      () => {
        rmSync(program);
      },
      () => {
        writeFileSync(program, programFor('aarch64', ''));
      },
    ]) {
      spoil();
      await expect(buildImages(imageHost(), imageOptions(sources, one))).rejects.toMatchObject({
        code: 'ANYARCH_PROGRAM_NOT_FOUND',
        message: expect.stringContaining('linux/amd64') as string,
      });
    }
    expect(readdirSync(sources.directory).filter((name) => name.includes('output'))).toEqual([]);
  });

  it.each([
    ['Foo Bar:x', 'ANYARCH_REFERENCE_INVALID'],
    ['team/Image', 'ANYARCH_REFERENCE_INVALID'],
    ['', 'ANYARCH_REFERENCE_INVALID'],
    ['localhost:5000/image:1', 'ANYARCH_USAGE'],
    [`image@sha256:${'0'.repeat(64)}`, 'ANYARCH_USAGE'],
  ])('refuses the name "%s" and writes nothing', async (name, code) => {
    const options = imageOptions(sources, one, { name });
    await expect(buildImages(imageHost(), options)).rejects.toHaveProperty('code', code);
    expect(existsSync(options.output)).toBe(false);
    await expect(
      buildImages(imageHost(), { ...options, name: 'localhost:5000/team/image' }),
    ).resolves.toHaveProperty('output');
  });

  it('says what is missing though it was asked for', async () => {
    const both = { ...one, platforms: ['linux/amd64', 'linux/s390x'], targets: ['aarch64', 'riscv64'] };
    const missing = async (others: Partial<BuildOptions>, want: typeof both = both) => {
      const output = join(sources.directory, `output-${Math.random()}`);
      const report = await buildImages(imageHost(), imageOptions(sources, want, { ...others, output }));
      return report.missing.map(({ platform, target, isRequired }) => [platform, target, isRequired]);
    };
    expect(await missing({})).toEqual([
      ['linux/amd64', 'riscv64', true],
      ['linux/s390x', 'riscv64', true],
    ]);
    // Of all that there are it is enough to have some.
    expect(await missing({ takesWhatThereIs: true })).toEqual([
      ['linux/amd64', 'riscv64', false],
      ['linux/s390x', 'riscv64', false],
    ]);
    rmSync(join(sources.emulators, 'linux-s390x'), { recursive: true });
    expect(await missing({ takesWhatThereIs: true })).toEqual([
      ['linux/amd64', 'riscv64', false],
      ['linux/s390x', 'aarch64', true],
      ['linux/s390x', 'riscv64', true],
    ]);
    // A tag's name asks for it, too, even where another tag has something.
    const others = { takesWhatThereIs: true };
    expect(
      await missing(others, { ...both, tags: ['latest', 'aarch64'], targets: ['riscv64', 'arm'] }),
    ).toEqual([
      ['linux/amd64', 'riscv64', false],
      ['linux/s390x', 'aarch64', true],
      ['linux/s390x', 'arm', true],
      ['linux/s390x', 'riscv64', true],
    ]);
    expect(await missing(others, { ...both, tags: ['register'] })).toEqual([]);
  });

  it('says which tag would be empty', async () => {
    rmSync(join(sources.emulators, 'linux-amd64/qemu-aarch64-static'));
    await expect(
      buildImages(imageHost(), imageOptions(sources, { ...one, tags: ['aarch64'] })),
    ).rejects.toMatchObject({
      code: 'ANYARCH_EMULATOR_NOT_FOUND',
      message: expect.stringMatching(
        /^the tag aarch64 would be empty: .*linux-amd64 has no emulator for aarch64/,
      ) as string,
    });
  });

  it('leaves tags out that nobody named and that would be empty', async () => {
    const tags = architectureTags(['x86_64'], ['aarch64', 'riscv64']);
    const options = { ...imageOptions(sources, one, { attestations: false }), tags };
    const { tags: built, warnings } = await buildImages(imageHost(), options);
    expect(built.map(({ tag }) => tag.name)).toEqual(['aarch64', 'x86_64-aarch64']);
    expect(warnings).toEqual([
      expect.stringContaining('linux-amd64 has no emulator for riscv64'),
      'there is nothing for the tag riscv64',
      'there is nothing for the tag x86_64-riscv64',
    ]);
  });

  it('makes damaged layers of the cache anew', async () => {
    const options = imageOptions(sources, one);
    const first = await buildImages(imageHost(), options);
    const blobs = join(options.cache, 'blobs');
    const [damaged = ''] = readdirSync(blobs);
    truncateSync(join(blobs, damaged), 10);
    const again = imageOptions(sources, one, { output: join(sources.directory, 'again') });
    const second = await buildImages(imageHost(), again);
    expect(second.layers).toMatchObject({ count: 2, cached: 1 });
    expect(second.tags[0]?.descriptor).toEqual(first.tags[0]?.descriptor);
  });

  it('stops when it is cancelled and leaves no output', async () => {
    const controller = new AbortController();
    const options = imageOptions(sources, wanted, {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(buildImages(imageHost(), options)).rejects.toHaveProperty('code', 'ANYARCH_CANCELLED');
    expect(existsSync(options.output)).toBe(false);
    expect(readdirSync(join(options.cache, 'temporary'))).toEqual([]);
    expect(readdirSync(sources.directory).filter((name) => name.startsWith('.output'))).toEqual([]);
  });
});
