import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeFailure, run } from '../support/command.ts';
import { startContainers, startDockerForBuilds, type BuildPlace } from '../support/engines/build-engines.ts';
import { anyarch, type CliResult } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { startRegistry, type Registry } from '../support/engines/registry.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { buildxConfiguration } from '../support/fixtures/buildx.ts';
import { guests } from '../support/fixtures/guests.ts';
import { debianRule } from '../support/fixtures/rules.ts';
import { writeRunImages } from '../support/fixtures/run-images.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const examples = [guests.arm64, guests.s390x] as const;
const platforms = examples.map(({ platform }) => platform);
const rules = examples.map(({ debian }) => `anyarch-test-build-${debian}`);

let registry: Registry;
let containers: BuildPlace;
let docker: BuildPlace;
let work: string;

interface Built {
  readonly outcome: string;
  readonly engine: { readonly name: string };
  readonly platforms: readonly {
    readonly platform: string;
    readonly id?: string;
    readonly error?: { readonly code: string; readonly message: string };
    readonly verified?: { readonly verdict: string; readonly own: readonly string[] };
  }[];
  readonly stored: readonly { readonly name: string }[];
  readonly pushed: readonly { readonly reference: string; readonly platforms: readonly string[] }[];
}

/** A context with a Dockerfile of these lines on top of the base image. */
function context(name: string, ...lines: readonly string[]): string {
  const directory = join(work, name);
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'Dockerfile'), [`FROM ${registry.name}/base:1`, ...lines, ''].join('\n'));
  return directory;
}

function build(place: BuildPlace, engine: string, words: readonly string[]): Promise<CliResult> {
  const [directory = '', ...options] = [...words].reverse();
  const args = ['build', '--json', '--engine', engine, ...options.reverse(), directory];
  return anyarch([...args, '--', '--network', 'none'], { environment: place.environment });
}

function built(result: CliResult, exitCode = 0): Built {
  if (result.exitCode !== exitCode) throw new Error(describeFailure(result));
  return result.json() as Built;
}

/** As the registry tells it, without anyarch: the platforms of an index and the contents of their configurations. */
async function inRegistry(name: string): Promise<{ status: number; platforms: readonly string[] }> {
  const accept = 'application/vnd.oci.image.index.v1+json';
  const answer = await fetch(`${registry.url}/v2/${name}/manifests/1`, { headers: { accept } });
  if (answer.status !== 200) return { status: answer.status, platforms: [] };
  const index = (await answer.json()) as {
    manifests: { platform: { os: string; architecture: string } }[];
  };
  return {
    status: 200,
    platforms: index.manifests.map(({ platform }) => `${platform.os}/${platform.architecture}`).sort(),
  };
}

describeWith(
  [
    needs.root,
    needs.apt,
    needs.qemu,
    needs.hostTable,
    needs.registry,
    needs.podman,
    needs.buildah,
    needs.docker,
  ],
  'anyarch build',
  () => {
    const table = useHostTable();

    beforeAll(async () => {
      for (const [position, guest] of examples.entries())
        table.register((await debianRule(guest, rules[position]!)).text);
      registry = await startRegistry();
      work = temporaryDirectory('build-contexts');
      const layout = join(work, 'base');
      await writeRunImages(layout, [{ tag: '1', guests: [...examples, guests.i386], config: {} }]);
      const pushed = await anyarch(['image', 'push', layout, `${registry.name}/base:1`]);
      if (pushed.exitCode !== 0) throw new Error(describeFailure(pushed));
      containers = startContainers(registry);
      docker = await startDockerForBuilds(await buildxConfiguration());
    });

    afterAll(async () => {
      await docker.stop();
      await containers.stop();
      await registry.stop();
      for (const rule of rules) table.remove(rule);
      table.expectUnchanged();
    });

    describe('podman', () => {
      test('builds each platform under emulation, and pushes one index', async () => {
        const directory = context('plain', 'ARG WHO', 'RUN uname -m > /machine && echo "$WHO" > /who');
        const name = `${registry.name}/podman-app:1`;
        const options = ['--platform', platforms.join(','), '-t', name, '--build-arg', 'WHO=me', '--push'];
        const report = built(await build(containers, 'podman', [...options, directory]));
        expect(report.outcome).toBe('built');
        expect(report.pushed).toMatchObject([{ reference: name, platforms }]);
        expect(await inRegistry('podman-app')).toEqual({ status: 200, platforms });
        for (const [position, { machine }] of examples.entries()) {
          const id = report.platforms[position]?.id?.replace('sha256:', '') ?? '';
          const words = ['run', '--rm', '--network', 'none', id, 'cat', '/machine', '/who'];
          const ran = await run(['podman', ...words], { environment: merged(containers) });
          expect(ran).toMatchObject({ exitCode: 0, stdout: `${machine}\nme\n` });
        }
        const listed = await run(['podman', 'images', '--format', '{{.Repository}}'], {
          environment: merged(containers),
        });
        expect(listed.stdout).toContain(`${registry.name}/podman-app`);
        expect(listed.stdout).not.toContain('anyarch-build');
      });

      test('names and pushes nothing when a platform fails', async () => {
        const directory = context('half', 'RUN test "$(uname -m)" = aarch64');
        const name = `${registry.name}/half:1`;
        const options = ['--platform', platforms.join(','), '-t', name, '--push'];
        const report = built(await build(containers, 'podman', [...options, directory]), 3);
        expect(report).toMatchObject({ outcome: 'partial', stored: [], pushed: [] });
        expect(report.platforms.map(({ error }) => error?.code)).toEqual([undefined, 'ANYARCH_BUILD_FAILED']);
        expect(await inRegistry('half')).toMatchObject({ status: 404 });
        const exists = await run(['podman', 'image', 'exists', name], { environment: merged(containers) });
        expect(exists.exitCode).toBe(1);
      });

      test('refuses what cannot run here, and says what makes it run', async () => {
        const directory = context('plain', 'RUN uname -m');
        const options = ['--platform', 'linux/riscv64,linux/arm64', '-t', 'app:1'];
        const result = await build(containers, 'podman', [...options, directory]);
        expect(result.exitCode).toBe(4);
        expect(result.json()).toMatchObject({
          error: {
            code: 'ANYARCH_BUILD_PLATFORM',
            hint: expect.stringContaining('anyarch register riscv64') as string,
          },
        });
      });

      test('tells that the base image lacks a platform', async () => {
        const directory = context('plain', 'COPY Dockerfile /');
        const options = ['--platform', 'linux/ppc64le', '--no-emulation', '-t', 'app:1'];
        const report = built(await build(containers, 'podman', [...options, directory]), 1);
        expect(report.platforms[0]?.error?.code).toBe('ANYARCH_PLATFORM_NOT_FOUND');
      });

      test('verifies by building again, and knows what differs in each build', async () => {
        const same = context('same', 'RUN uname -m > /machine');
        const options = ['--platform', 'linux/arm64', '-t', 'same:1', '--verify'];
        const report = built(await build(containers, 'podman', [...options, same]));
        expect(report.platforms[0]?.verified).toMatchObject({ verdict: 'same', own: [] });
        const other = context('other', 'RUN cat /proc/sys/kernel/random/uuid > /id');
        const again = built(await build(containers, 'podman', [...options, other]));
        expect(again.platforms[0]?.verified).toMatchObject({ verdict: 'own', own: ['/id'] });
      });
    });

    test('buildah writes an archive that has both platforms, and compare finds what podman made different', async () => {
      const directory = context('plain', 'RUN uname -m > /machine');
      const archive = join(work, 'buildah.tar');
      const options = ['--platform', platforms.join(','), '-t', 'app:1', '-o', `oci-archive:${archive}`];
      const report = built(await build(containers, 'buildah', [...options, directory]));
      expect(report).toMatchObject({ outcome: 'built', engine: { name: 'buildah' } });
      const compare = async (second: string) =>
        anyarch(
          ['image', 'compare', '--platform', 'linux/s390x', `oci-archive:${archive}`, second, '--json'],
          {
            environment: containers.environment,
          },
        );
      expect((await compare(`oci-archive:${archive}`)).json()).toMatchObject({ same: true, files: [] });
      const base = await compare(`${registry.name}/base:1`);
      expect(base.exitCode).toBe(1);
      expect(base.json()).toMatchObject({
        same: false,
        // Beside the places that engines mount things at.
        files: expect.arrayContaining([{ path: 'machine', aspects: ['missing in the second'] }]) as unknown[],
      });
    });

    test.each([
      { title: 'the classic builder', buildKit: '0', plugin: false, engine: 'docker' },
      { title: 'BuildKit', buildKit: '1', plugin: false, engine: 'docker' },
      { title: 'buildx', buildKit: undefined, plugin: true, engine: 'docker-buildx' },
    ])('docker with $title: names of their own, and one index that is pushed', async (kind) => {
      const place = {
        ...docker,
        environment: {
          ...docker.environment,
          DOCKER_BUILDKIT: kind.buildKit,
          ...(kind.plugin ? {} : { DOCKER_CONFIG: '/dev/null' }),
        },
      };
      const directory = context('plain', 'RUN uname -m > /machine');
      const repository = `docker-${kind.title.replace(/^the | builder$/g, '').toLowerCase()}`;
      const name = `${registry.name}/${repository}:1`;
      const options = ['--platform', platforms.join(','), '-t', name, '--push'];
      const report = built(await build(place, 'docker', [...options, directory]));
      expect(report.engine.name).toBe(kind.engine);
      expect(report.stored.map((one) => one.name)).toEqual([`${name}-arm64`, `${name}-s390x`]);
      expect(await inRegistry(repository)).toEqual({ status: 200, platforms });
      for (const [position, { machine }] of examples.entries()) {
        const stored = report.stored[position]?.name ?? '';
        const words = ['docker', 'run', '--rm', '--network', 'none', '--platform', platforms[position]!];
        const ran = await run([...words, stored, 'cat', '/machine'], { environment: merged(place) });
        expect(ran).toMatchObject({ exitCode: 0, stdout: `${machine}\n` });
      }
    });
  },
);

function merged({ environment }: BuildPlace): Record<string, string | undefined> {
  return { ...process.env, ...environment };
}
