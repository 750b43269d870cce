import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, succeed } from '../support/command.ts';
import { anyarch, executable, offline } from '../support/engines/cli.ts';
import { startDocker } from '../support/engines/docker.ts';
import type { Engine } from '../support/engines/engine.ts';
import { startPodman } from '../support/engines/podman.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { orasProgram } from '../support/fixtures/oras.ts';
import { temporaryDirectory } from '../support/temporary.ts';

// Images read by programs that know nothing of anyarch. The program in them is an emulator: any static file will do.
const targets = ['aarch64', 's390x'];
let sources: string;
let home: string;

function prepare() {
  sources = temporaryDirectory('image-sources');
  home = temporaryDirectory('image-home');
  const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
  mkdirSync(join(sources, 'programs/linux-amd64'), { recursive: true });
  mkdirSync(join(sources, 'emulators'));
  copyFileSync(join(qemu, 'qemu-sh4'), join(sources, 'programs/linux-amd64/anyarch'));
  symlinkSync(qemu, join(sources, 'emulators/linux-amd64'));
}

function buildArguments(output: string, ...options: readonly string[]): string[] {
  const common = ['--platform', 'linux/amd64', '--arch', targets.join(',')];
  const places = ['--program', join(sources, 'programs'), '--emulators', join(sources, 'emulators')];
  return ['image', 'build', '--output', output, ...common, ...places, ...options];
}

async function build(name: string, ...options: readonly string[]): Promise<string> {
  const output = join(temporaryDirectory('image'), name);
  const result = await anyarch(buildArguments(output, ...options), { home });
  expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  return output;
}

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

function emulator(target: string): string {
  return join(sources, 'emulators/linux-amd64', `qemu-${target}`);
}

describeWith([needs.qemu, needs.skopeo, needs.apt], 'independent readers of layouts', () => {
  let layout: string;
  beforeAll(async () => {
    prepare();
    layout = await build('layout');
  });

  test('skopeo finds tags, configuration and layers', async () => {
    const inspected = await succeed(['skopeo', 'inspect', '--config', `oci:${layout}:register`]);
    expect(JSON.parse(inspected.stdout)).toMatchObject({
      architecture: 'amd64',
      config: {
        Entrypoint: ['/usr/bin/anyarch'],
        Env: expect.arrayContaining(['ANYARCH_DIALECT=multiarch']) as unknown,
      },
    });
    const refused = await run(['skopeo', 'inspect', `oci:${layout}:nothing`]);
    expect(refused.exitCode).not.toBe(0);
  });

  test.each(['gzip', 'zstd', 'none'])(
    'skopeo copies images with %s, verifying every digest',
    async (name) => {
      const one = await build(name, '--compression', name, '--tag', 'latest');
      const copy = join(temporaryDirectory('copy'), 'image');
      const asTheyAre = ['--all', '--dest-oci-accept-uncompressed-layers'];
      await succeed(['skopeo', 'copy', ...asTheyAre, `oci:${one}:latest`, `oci:${copy}:latest`]);
      const blobs = (directory: string) => readdirSync(join(directory, 'blobs/sha256'));
      expect(blobs(copy).length).toBeGreaterThan(4);
      // The copy has what belongs to the image, byte for byte, and not what refers to it.
      expect(blobs(one)).toEqual(expect.arrayContaining(blobs(copy)));
      const { exitCode, json } = await anyarch(['image', 'inspect', copy, '--json'], { home });
      expect(exitCode).toBe(0);
      expect(json()).toMatchObject({ problems: [], tags: [{ name: 'latest' }] });
    },
  );

  test('layers that skopeo has packed with zstd are verified, too', async () => {
    const copy = join(temporaryDirectory('copy'), 'image');
    const format = ['--dest-compress-format', 'zstd', '--dest-compress'];
    await succeed(['skopeo', 'copy', ...format, `oci:${layout}:latest`, `oci:${copy}:latest`]);
    const { exitCode, json } = await anyarch(['image', 'inspect', copy, '--json'], { home });
    expect(exitCode).toBe(0);
    const { problems, images } = json() as {
      problems: string[];
      images: { layers: { mediaType: string; unpackedSize: number }[] }[];
    };
    expect(problems).toEqual([]);
    expect(images[0]!.layers.map(({ mediaType }) => mediaType)).toEqual(
      Array.from({ length: 3 }, () => 'application/vnd.oci.image.layer.v1.tar+zstd'),
    );
    for (const { unpackedSize } of images[0]!.layers) expect(unpackedSize).toBeGreaterThan(10_000);
  });

  test('oras discovers the bill of materials and the provenance', async () => {
    const oras = await orasProgram();
    const place = ['--oci-layout', `${layout}:latest`, '--platform', 'linux/amd64'];
    const { stdout } = await succeed([oras, 'discover', ...place, '--format', 'json']);
    const { manifests } = JSON.parse(stdout) as { manifests: { artifactType: string }[] };
    expect(manifests.map(({ artifactType }) => artifactType).sort()).toEqual([
      'application/vnd.cyclonedx+json',
      'application/vnd.in-toto+json',
    ]);
  });

  test('an archive is the same for another user, time zone, umask and directory', async () => {
    const first = await build('first.tar', '--format', 'oci-archive');
    const second = join(temporaryDirectory('image'), 'second.tar');
    const command = [executable, ...buildArguments(second, '--format', 'oci-archive')];
    await succeed(['sh', '-c', 'umask 077; exec "$@"', 'sh', ...command], {
      directory: '/',
      environment: {
        ...process.env,
        ...offline,
        ANYARCH_HOME: temporaryDirectory('other-home'),
        TZ: 'Pacific/Chatham',
        LANG: 'tr_TR.UTF-8',
      },
    });
    expect(sha256(second)).toBe(sha256(first));
    const dated = await build('dated.tar', '--format', 'oci-archive', '--source-date-epoch', '1700000000');
    expect(sha256(dated)).not.toBe(sha256(first));
  });
});

describeWith([needs.root, needs.qemu], 'a full disk', () => {
  beforeAll(prepare);

  /** Builds into a tmpfs of a mount namespace that only this command is in, and lists what it left there. */
  async function buildInto(place: 'output' | 'home', kibibytes: number) {
    const full = temporaryDirectory('full');
    const output = place === 'output' ? full : temporaryDirectory('output');
    const script =
      'mount -t tmpfs -o size=$1k none "$0" && directory=$0 && shift && "$@"; code=$?; find "$directory" -type f; exit $code';
    const command = [executable, ...buildArguments(join(output, 'layout'))];
    const result = await run(['unshare', '--mount', 'sh', '-c', script, full, `${kibibytes}`, ...command], {
      environment: {
        ...process.env,
        ...offline,
        ANYARCH_HOME: place === 'home' ? full : temporaryDirectory('home'),
      },
    });
    const left = result.stdout.split('\n').filter((line) => line.startsWith(full));
    return { ...result, left, output: readdirSync(output) };
  }

  test('leaves nothing of an output that does not fit', async () => {
    const fitting = await buildInto('output', 64_000);
    expect(fitting.exitCode).toBe(0);
    expect(fitting.left.length).toBeGreaterThan(10);
    const { exitCode, stderr, left } = await buildInto('output', 4_000);
    expect(stderr).toContain('ANYARCH_DISK_FULL');
    expect({ exitCode, left }).toEqual({ exitCode: 1, left: [] });
  });

  test('leaves nothing half-made in a cache without room', async () => {
    const { exitCode, stderr, left, output } = await buildInto('home', 12_000);
    expect(stderr).toContain('ANYARCH_DISK_FULL');
    expect({ exitCode, output }).toEqual({ exitCode: 1, output: [] });
    expect(left.filter((path) => path.includes('/temporary/'))).toEqual([]);
  });
});

const engines = [
  { name: 'docker', start: startDocker },
  { name: 'podman', start: startPodman },
] as const;

for (const { name, start } of engines) {
  describeWith([needs.root, needs.qemu, needs[name]], `${name} load`, () => {
    let engine: Engine;
    beforeAll(async () => {
      prepare();
      engine = await start();
    });
    afterAll(async () => {
      await engine.stop();
    });
    const inEngine = (...args: readonly string[]) => succeed([...engine.client, ...args]);

    describe.each(['gzip', 'none'])('a docker-archive with %s', (compression) => {
      test('has every tag, and the emulators with their bytes, modes and owners', async () => {
        const tags = ['latest', 'register', 'aarch64'].flatMap((tag) => ['--tag', tag]);
        const archive = await build(
          'image.tar',
          '--format',
          'docker-archive',
          '--compression',
          compression,
          ...tags,
        );
        await inEngine('load', '--input', archive);
        const [image, single] = ['docker.io/library/anyarch:latest', 'docker.io/library/anyarch:aarch64'];
        // The entry point, which is qemu-sh4 here.
        const started = await inEngine('run', '--rm', '--network', 'none', image, '--version');
        expect(started.stdout).toMatch(/^qemu-sh4 version 11\./);
        // As predecessors' images of one architecture are called.
        const words = ['/usr/bin/qemu-aarch64-static', '--version'];
        const called = await inEngine('run', '--rm', '--network', 'none', single, ...words);
        expect(called.stdout).toMatch(/^qemu-aarch64 version 11\./);

        const container = (await inEngine('create', image)).stdout.trim();
        const files = temporaryDirectory('files');
        for (const target of targets) {
          const copy = join(files, target);
          await inEngine('cp', `${container}:/usr/bin/qemu-${target}-static`, copy);
          expect(sha256(copy)).toBe(sha256(emulator(target)));
        }
        const exported = join(files, 'root.tar');
        await inEngine('export', '--output', exported, container);
        const { stdout } = await succeed([
          'tar',
          '--list',
          '--verbose',
          '--numeric-owner',
          '--file',
          exported,
        ]);
        expect(stdout).toMatch(/^-rwxr-xr-x 0\/0 .* usr\/bin\/anyarch$/m);
        expect(stdout).toMatch(/^drwxrwxrwt 0\/0 .* tmp\/$/m);
        expect(stdout).toMatch(/^.rwxr-xr-x 0\/0 .* usr\/bin\/qemu-s390x-static/m);
        // tonistiigi's name is the same file.
        expect(stdout).toMatch(/^hrwxr-xr-x .* usr\/bin\/qemu-s390x(-static)? link to usr\/bin\/qemu-s390x/m);
        await inEngine('rm', container);
      });
    });
  });
}
