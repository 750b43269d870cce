import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fetch } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeFailure, run, succeed, type CommandResult } from '../support/command.ts';
import { startCuttingProxy, type CuttingProxy } from '../support/cutting-proxy.ts';
import { anyarch, type CliOptions } from '../support/engines/cli.ts';
import { startDocker } from '../support/engines/docker.ts';
import type { Engine } from '../support/engines/engine.ts';
import { startPodman } from '../support/engines/podman.ts';
import { registryLogin, startRegistry, type Registry } from '../support/engines/registry.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { startTokenServer } from '../support/engines/token-server.ts';
import { orasProgram } from '../support/fixtures/oras.ts';
import { writeTestLayout, type TestLayout } from '../support/image-layout.ts';
import { certificate } from '../support/mirror-certificate.ts';
import { digestOf } from '../support/registry-server.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const stop of stops.reverse()) await stop();
});

let layout: TestLayout;
/** No credentials and no configuration of this machine's users. */
const nobody = {
  DOCKER_CONFIG: '/dev/null',
  REGISTRY_AUTH_FILE: undefined,
  XDG_RUNTIME_DIR: '/dev/null',
  HOME: '/dev/null',
};
const cli = (args: readonly string[], options: CliOptions = {}) =>
  anyarch(args, { ...options, environment: { ...nobody, ...options.environment } });

async function started(...options: Parameters<typeof startRegistry>): Promise<Registry> {
  const registry = await startRegistry(...options);
  stops.push(registry.stop);
  return registry;
}

function expectSuccess(result: CommandResult): void {
  if (result.exitCode !== 0) throw new Error(describeFailure(result));
  expect(result.signal).toBeUndefined();
}

/** A tar with a small file and one of 20 MB that does not compress, more than one chunk. */
async function makeLayer(name: string, size: number): Promise<Buffer> {
  const directory = temporaryDirectory('layer');
  mkdirSync(join(directory, 'root'));
  writeFileSync(join(directory, 'root/hello'), name);
  writeFileSync(join(directory, 'root/random'), randomBytes(size));
  await succeed([
    'tar',
    '-C',
    join(directory, 'root'),
    '-cf',
    join(directory, 'layer.tar'),
    'hello',
    'random',
  ]);
  return readFileSync(join(directory, 'layer.tar'));
}

async function statusOf(registry: Registry, path: string): Promise<number> {
  const accept = 'application/vnd.oci.image.index.v1+json';
  return (await fetch(`${registry.url}/v2/${path}`, { headers: { accept } })).status;
}

describeWith([needs.registry, needs.skopeo], "Debian's registry", () => {
  let registry: Registry;
  beforeAll(async () => {
    const root = temporaryDirectory('layout');
    layout = writeTestLayout(join(root, 'layout'), [
      await makeLayer('amd64', 20_000_000),
      await makeLayer('arm', 1000),
    ]);
    registry = await started();
  });
  const push = (...args: string[]) => cli(['image', 'push', layout.directory, ...args]);

  test('takes an image, and skopeo reads the same from it', async () => {
    const pushed = await push(`${registry.name}/team/image:v1`, `${registry.name}/team/second:v1`, '--json');
    expectSuccess(pushed);
    expect(pushed.json()).toMatchObject({
      schema: 'anyarch/image-push/1',
      images: [
        { outcome: 'pushed', digest: layout.index.digest, blobs: { uploaded: 6 }, referrers: 1 },
        { outcome: 'pushed', digest: layout.index.digest, blobs: { uploaded: 0, mounted: 6 } },
      ],
    });
    const source = `docker://${registry.name}/team/second:v1`;
    const raw = await succeed(['skopeo', 'inspect', '--raw', '--tls-verify=false', source]);
    expect(digestOf(raw.stdout)).toBe(layout.index.digest);
    const copy = join(temporaryDirectory('skopeo'), 'copy');
    const options = ['--insecure-policy', '--src-tls-verify=false', '--all', '--preserve-digests'];
    await succeed(['skopeo', 'copy', ...options, source, `oci:${copy}:v1`]);
    const blob = layout.layers[0]!.digest.replace(':', '/');
    expect(
      readFileSync(join(copy, 'blobs', blob)).equals(readFileSync(join(layout.directory, 'blobs', blob))),
    ).toBe(true);
  });

  test('gives back every byte, and what skopeo has pushed', async () => {
    expectSuccess(await push(`${registry.name}/team/back:v1`));
    const target = join(temporaryDirectory('pulled'), 'layout');
    const pulled = await cli([
      'image',
      'pull',
      '--referrers',
      `${registry.name}/team/back:v1`,
      target,
      '--json',
    ]);
    expectSuccess(pulled);
    expect(pulled.json()).toMatchObject({
      schema: 'anyarch/image-pull/1',
      digest: layout.index.digest,
      referrers: 1,
    });
    const names = (directory: string) => readdirSync(join(directory, 'blobs/sha256')).sort();
    expect(names(target)).toEqual(names(layout.directory));
    for (const name of names(target))
      expect(digestOf(readFileSync(join(target, 'blobs/sha256', name)))).toBe(`sha256:${name}`);
    const options = ['--insecure-policy', '--dest-tls-verify=false', '--all', '--format', 'v2s2'];
    await succeed([
      'skopeo',
      'copy',
      ...options,
      `oci:${target}:v1`,
      `docker://${registry.name}/team/schema2:v1`,
    ]);
    expectSuccess(await cli(['image', 'pull', `${registry.name}/team/schema2:v1`, target]));
    const listed = await succeed([
      'skopeo',
      'list-tags',
      '--tls-verify=false',
      `docker://${registry.name}/team/schema2`,
    ]);
    expect(JSON.parse(listed.stdout)).toMatchObject({ Tags: ['v1'] });
  });

  test('has the SBOM where oras looks for it', async () => {
    expectSuccess(await push(`${registry.name}/team/oras:v1`));
    const oras = await orasProgram();
    const reference = `${registry.name}/team/oras:v1`;
    const found = await succeed([oras, 'discover', '--plain-http', '--format', 'json', reference]);
    expect(JSON.parse(found.stdout)).toMatchObject({
      manifests: [{ digest: layout.sbom.digest, artifactType: 'application/vnd.cyclonedx+json' }],
    });
    const target = temporaryDirectory('oras');
    const sbom = `${registry.name}/team/oras@${layout.sbom.digest}`;
    await succeed([oras, 'manifest', 'fetch', '--plain-http', '--output', join(target, 'sbom.json'), sbom]);
    expect(digestOf(readFileSync(join(target, 'sbom.json')))).toBe(layout.sbom.digest);
  });

  test('says that something is not there', async () => {
    const result = await cli([
      'image',
      'pull',
      `${registry.name}/team/none:v1`,
      join(temporaryDirectory('x'), 'y'),
    ]);
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('[ANYARCH_REGISTRY_NOT_FOUND]') as string,
    });
  });

  describe('behind a bad line', () => {
    let proxy: CuttingProxy;
    beforeAll(async () => {
      proxy = await startCuttingProxy(registry.name);
      stops.push(() => proxy.close());
    });
    const patches = () => proxy.requests.filter((line) => line.startsWith('PATCH '));

    test.each([
      { what: 'between two chunks, an upload goes on', path: 'going/on', after: 0, sent: 4 },
      { what: 'within a chunk, it begins again', path: 'again/on', after: 3_000_000, sent: 5 },
    ])('$what; the tag comes last', async ({ path, after, sent }) => {
      proxy.requests.length = 0;
      const tags: number[] = [];
      let seen = 0;
      // The second of three chunks, once.
      proxy.cut({ method: 'PATCH', path: `/v2/${path}/`, after, times: 1, skip: 1 }, async () => {
        seen += 1;
        tags.push(await statusOf(registry, `${path}/manifests/v1`));
      });
      expectSuccess(await push(`${proxy.name}/${path}:v1`));
      expect({ seen, tags }).toEqual({ seen: 1, tags: [404] });
      expect(patches()).toHaveLength(sent);
      expect(proxy.requests.at(-1)).toBe(`PUT /v2/${path}/manifests/v1`);
      const raw = await succeed([
        'skopeo',
        'inspect',
        '--raw',
        '--tls-verify=false',
        `docker://${registry.name}/${path}:v1`,
      ]);
      expect(digestOf(raw.stdout)).toBe(layout.index.digest);
    });

    test('that stays bad, nothing stands under the tag; afterwards it goes on', async () => {
      proxy.cut({ method: 'PATCH', path: '/v2/bad/', after: 1_000_000, times: 1000 });
      const failed = await push(`${proxy.name}/bad/line:v1`);
      expect(failed).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('[ANYARCH_REGISTRY_UNREACHABLE]') as string,
      });
      expect(await statusOf(registry, 'bad/line/manifests/v1')).toBe(404);
      proxy.cut({ method: 'PATCH', path: '/v2/bad/', after: 0, times: 0 });
      expectSuccess(await push(`${proxy.name}/bad/line:v1`));
      expect(await statusOf(registry, 'bad/line/manifests/v1')).toBe(200);
    });

    test('a download goes on', async () => {
      expectSuccess(await push(`${registry.name}/down/load:v1`));
      proxy.requests.length = 0;
      proxy.cut({ method: 'GET', path: `/blobs/${layout.layers[0]!.digest}`, after: 7_000_000, times: 2 });
      const target = join(temporaryDirectory('pulled'), 'layout');
      expectSuccess(await cli(['image', 'pull', `${proxy.name}/down/load:v1`, target]));
      expect(proxy.requests.filter((line) => line.endsWith(' cut'))).toHaveLength(2);
      const content = readFileSync(join(target, 'blobs', layout.layers[0]!.digest.replace(':', '/')));
      expect(digestOf(content)).toBe(layout.layers[0]!.digest);
    });
  });

  describe('that asks who we are', () => {
    const credentials = async (login: Registry, password: string = registryLogin.password) => {
      const file = join(temporaryDirectory('auth'), 'auth.json');
      const auth = Buffer.from(`${registryLogin.name}:${password}`).toString('base64');
      writeFileSync(file, JSON.stringify({ auths: { [login.name]: { auth } } }));
      return Promise.resolve(file);
    };

    test('takes what skopeo login has stored', async () => {
      const locked = await started({ authentication: 'password' });
      const denied = await push(`${locked.name}/team/image:v1`);
      expect(denied).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('[ANYARCH_REGISTRY_DENIED]') as string,
      });
      const file = join(temporaryDirectory('auth'), 'auth.json');
      const { name, password } = registryLogin;
      const login = [
        'skopeo',
        'login',
        '--tls-verify=false',
        '--authfile',
        file,
        '-u',
        name,
        '--password-stdin',
        locked.name,
      ];
      await succeed(login, { input: password });
      expectSuccess(await push('--authfile', file, `${locked.name}/team/image:v1`));
      expectSuccess(
        await cli(['image', 'pull', `${locked.name}/team/image:v1`, join(temporaryDirectory('x'), 'y')], {
          environment: { REGISTRY_AUTH_FILE: file },
        }),
      );
    });

    test('by a token server', async () => {
      const tokens = await startTokenServer(registryLogin);
      stops.push(() => tokens.close());
      const locked = await started({ authentication: tokens });
      const denied = await push(`${locked.name}/team/image:v1`);
      expect(denied.stderr).toContain('no credentials were found');
      const wrong = await push(
        '--authfile',
        await credentials(locked, 'wrong'),
        `${locked.name}/team/image:v1`,
      );
      expect(wrong.stderr).toContain('tried the user "me"');
      expect(wrong.stderr).toContain('[ANYARCH_REGISTRY_DENIED]');
      tokens.granted.length = 0;
      const file = await credentials(locked);
      const pushed = await push(
        '--authfile',
        file,
        `${locked.name}/team/image:v1`,
        `${locked.name}/team/b:v1`,
        '--json',
      );
      expectSuccess(pushed);
      expect(pushed.json()).toMatchObject({
        images: [{ blobs: { uploaded: 6 } }, { blobs: { mounted: 6 } }],
      });
      expect(tokens.granted).toContain('me repository:team/image:pull,push');
      // What everybody may: without credentials.
      const target = join(temporaryDirectory('x'), 'y');
      expectSuccess(await cli(['image', 'pull', `${locked.name}/team/b:v1`, target]));
      expect(tokens.granted.at(-1)).toBe('anonymous repository:team/b:pull');
    });

    test('and who it is: by its certificate', async () => {
      const secure = await started({ tls: true });
      const refused = await push(`${secure.name}/team/image:v1`);
      expect(refused).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('NODE_EXTRA_CA_CERTS') as string,
      });
      expectSuccess(await push('--tls-verify=false', `${secure.name}/team/image:v1`));
      const file = join(temporaryDirectory('ca'), 'ca.pem');
      writeFileSync(file, certificate);
      const environment = { NODE_EXTRA_CA_CERTS: file };
      const target = join(temporaryDirectory('x'), 'y');
      expectSuccess(await cli(['image', 'pull', `${secure.name}/team/image:v1`, target], { environment }));
    });
  });

  test('to a full disk: nothing of it is kept', async () => {
    expectSuccess(await push(`${registry.name}/full/disk:v1`));
    const target = temporaryDirectory('full');
    const script =
      'mount -t tmpfs -o size=4m none "$1" && "$0" image pull "$2" "$1/layout"; code=$?; find "$1/layout" -type f; exit $code';
    const executable = join(import.meta.dirname, '../../bin/anyarch');
    const command = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script];
    const result = await run([...command, executable, target, `${registry.name}/full/disk:v1`], {
      environment: { ...process.env, ...nobody, NO_COLOR: '1' },
    });
    expect(result).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('[ANYARCH_DISK_FULL]') as string,
    });
    expect(result.stdout).not.toContain('index.json');
    expect(result.stdout).not.toContain('.anyarch-partial');
  });
});

const engines = [
  { name: 'podman', start: startPodman, pull: ['pull', '--quiet', '--tls-verify=false'] },
  { name: 'docker', start: startDocker, pull: ['pull', '--quiet'] },
] as const;

for (const { name, start, pull } of engines) {
  describeWith([needs.registry, needs.root, needs[name]], `${name} pulls what anyarch has pushed`, () => {
    let engine: Engine;
    let registry: Registry;
    beforeAll(async () => {
      const root = temporaryDirectory('layout');
      layout = writeTestLayout(join(root, 'layout'), [
        await makeLayer('amd64', 1000),
        await makeLayer('arm', 1000),
      ]);
      engine = await start();
      stops.push(engine.stop);
      registry = await started();
    });

    test.each([
      ['linux/amd64', 'amd64'],
      ['linux/arm/v7', 'arm'],
    ])('for %s', async (platform, architecture) => {
      const reference = `${registry.name}/team/image:v1`;
      expectSuccess(await cli(['image', 'push', layout.directory, reference]));
      await succeed([...engine.client, ...pull, '--platform', platform, reference]);
      const inspected = await succeed([
        ...engine.client,
        'image',
        'inspect',
        '--format',
        '{{.Architecture}}',
        reference,
      ]);
      expect(inspected.stdout.trim()).toBe(architecture);
    });
  });
}
