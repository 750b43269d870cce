import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeTestLayout, type TestLayout } from '../../test/support/image-layout.ts';
import {
  digestOf,
  registryUser,
  startRegistryServer,
  type RegistryServer,
  type RegistryServerOptions,
} from '../../test/support/registry-server.ts';
import { parseReference } from '../core/oci/reference.ts';
import type { Progress } from '../transfer/index.ts';
import { pullImage, type PullOptions } from './pull.ts';
import { pushImages } from './push.ts';
import { fakeLog } from '../host/testing/fake-log.ts';
import { ownToken } from '../store/index.ts';
import { openRemoteImage } from './remote-image.ts';
import { registryHost } from './testing/registry-host.ts';

const big = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7919) >> 3));
let directory: string;
let layout: TestLayout;
let target: string;
const servers: RegistryServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-pull-'));
  target = join(directory, 'pulled');
  layout = writeTestLayout(join(directory, 'layout'), [big, Buffer.from('a small layer')]);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(directory, { recursive: true });
});

/** A registry that has the layout's image as `team/image:v1`. */
async function start(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const server = await startRegistryServer(options);
  servers.push(server);
  const auth = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ auths: { [server.name]: { auth } } }));
  const host = registryHost({ DOCKER_CONFIG: directory });
  const [result] = await pushImages(
    host,
    layout.directory,
    [parseReference(`${server.name}/team/image:v1`)],
    {},
  );
  if (result?.outcome !== 'pushed') throw result?.error ?? new Error('nothing');
  server.requests.length = 0;
  server.authorizations.length = 0;
  return server;
}

function pull(server: RegistryServer, options: PullOptions = {}, name = 'team/image:v1') {
  const host = registryHost({ DOCKER_CONFIG: directory });
  const reference = parseReference(`${server.name}/${name}`);
  return pullImage(host, reference, target, { retryMs: 1, stallMs: 400, ...options });
}

const blob = (digest: string) => join(target, 'blobs', digest.replace(':', '/'));
const index = () =>
  JSON.parse(readFileSync(join(target, 'index.json'), 'utf8')) as {
    manifests: { digest: string; annotations?: Record<string, string> }[];
  };
const layer = () => layout.layers[0]!;

describe('pullImage', () => {
  it('brings everything, verified', async () => {
    const server = await start();
    expect(await pull(server)).toMatchObject({
      digest: layout.index.digest,
      blobs: { downloaded: 4, present: 0 },
      manifests: 3,
      referrers: 0,
    });
    for (const name of readdirSync(join(target, 'blobs/sha256')))
      expect(digestOf(readFileSync(join(target, 'blobs/sha256', name)))).toBe(`sha256:${name}`);
    expect(index().manifests).toEqual([
      expect.objectContaining({
        digest: layout.index.digest,
        annotations: { 'org.opencontainers.image.ref.name': 'v1' },
      }),
    ]);
    expect(readdirSync(target).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('fetches nothing again, but what is damaged', async () => {
    const server = await start();
    await pull(server);
    writeFileSync(blob(layer().digest), 'damaged');
    const seen: Progress[] = [];
    expect(await pull(server, { onProgress: (progress) => seen.push(progress) })).toMatchObject({
      blobs: { downloaded: 1, present: 3 },
    });
    expect(readFileSync(blob(layer().digest)).equals(big)).toBe(true);
    expect(seen.at(-1)).toMatchObject({ phase: 'download', received: seen[0]!.total });
    expect(index().manifests).toHaveLength(1);
  });

  it('takes a single image for its own platform only', async () => {
    const server = await start();
    const name = `team/image@${layout.images[1]!.digest}`;
    const arm = { os: 'linux', architecture: 'arm', variant: 'v7' };
    expect(await pull(server, { platform: arm }, name)).toMatchObject({ digest: layout.images[1]!.digest });
    const wrong = pull(server, { platform: { os: 'linux', architecture: 'amd64' } }, name);
    await expect(wrong).rejects.toThrow(
      expect.objectContaining({
        code: 'ANYARCH_REGISTRY_NOT_FOUND',
        hint: 'it has linux/arm/v7',
      }) as Error,
    );
    const noImage = pull(server, { platform: arm }, `team/image@${layout.sbom.digest}`);
    await expect(noImage).rejects.toThrowWithCode('ANYARCH_REGISTRY_NOT_FOUND');
  });

  it('does not name an image after a tag that it was not found by', async () => {
    const server = await start();
    await pull(server, {}, `team/image:other@${layout.images[0]!.digest}`);
    expect(index().manifests).toEqual([
      {
        mediaType: layout.images[0]!.mediaType,
        digest: layout.images[0]!.digest,
        size: layout.images[0]!.size,
      },
    ]);
  });

  it.each([true, false])(
    'brings what refers to the image (the registry lists it: %s)',
    async (knowsReferrers) => {
      const server = await start({ knowsReferrers });
      expect(await pull(server, { referrers: true })).toMatchObject({ referrers: 1 });
      expect(index().manifests.map(({ digest }) => digest)).toEqual([
        layout.index.digest,
        layout.sbom.digest,
      ]);
      // And it goes on to another registry from there.
      const second = await startRegistryServer();
      servers.push(second);
      const [again] = await pushImages(
        registryHost(),
        target,
        [parseReference(`${second.name}/team/image:v1`)],
        {},
      );
      expect(again).toMatchObject({ outcome: 'pushed', referrers: 1, digest: layout.index.digest });
    },
  );

  it('brings one platform, and images by digest, next to what is there', async () => {
    const server = await start();
    await pull(server, { platform: { os: 'linux', architecture: 'arm', variant: 'v7' } });
    expect(existsSync(blob(layer().digest))).toBe(false);
    expect(index().manifests.map(({ digest }) => digest)).toEqual([layout.images[1]!.digest]);
    await pull(server, {}, `team/image@${layout.images[0]!.digest}`);
    expect(index().manifests.map(({ digest }) => digest)).toEqual([
      layout.images[1]!.digest,
      layout.images[0]!.digest,
    ]);
    await expect(pull(server, { platform: { os: 'linux', architecture: 's390x' } })).rejects.toThrow(
      expect.objectContaining({
        code: 'ANYARCH_REGISTRY_NOT_FOUND',
        hint: 'it has linux/amd64, linux/arm/v7',
      }) as Error,
    );
  });

  it('goes on after the registry has closed the connection', async () => {
    const server = await start();
    server.fail({ path: `/blobs/${layer().digest}`, cutAfter: 300_000, times: 2 });
    await pull(server);
    expect(readFileSync(blob(layer().digest)).equals(big)).toBe(true);
    const ranges = server.requests.filter((line) => line.includes('bytes='));
    expect(ranges).toHaveLength(2);
  });

  it('goes on where an earlier command had to give up', async () => {
    const server = await start();
    server.fail({ path: `/blobs/${layer().digest}`, cutAfter: 300_000, times: 1 });
    server.fail({ path: `/blobs/${layer().digest}`, status: 502 });
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_REGISTRY_FAILED');
    expect(existsSync(join(target, 'index.json'))).toBe(false);
    expect(readdirSync(join(target, '.anyarch-partial'))).toHaveLength(1);
    server.heal();
    server.requests.length = 0;
    await pull(server);
    expect(server.requests.some((line) => / bytes=[1-9]/.test(line))).toBe(true);
    expect(existsSync(join(target, '.anyarch-partial'))).toBe(false);
  });

  it('gives up a registry that sends nothing any more, and one that never answers', async () => {
    const server = await start();
    server.fail({ path: '/manifests/', stalls: true });
    await expect(pull(server, { stallMs: 100 })).rejects.toThrowWithCode('ANYARCH_REGISTRY_UNREACHABLE');
    // Four attempts, and undici looks once a second whether something has come.
  }, 20_000);

  it('can be cancelled', async () => {
    const server = await start();
    server.fail({ path: `/blobs/${layer().digest}`, stalls: true });
    const signal = AbortSignal.timeout(150);
    await expect(pull(server, { signal, stallMs: 60_000 })).rejects.toThrowWithCode('ANYARCH_CANCELLED');
    expect(existsSync(join(target, 'index.json'))).toBe(false);
  });
});

describe('what refers to an image', () => {
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const indexType = 'application/vnd.oci.image.index.v1+json';
  interface Listed {
    readonly mediaType: string;
    readonly digest: `sha256:${string}`;
    readonly size: number;
  }
  const put = (server: RegistryServer, document: object, mediaType = type): Listed => {
    const content = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, ...document }));
    const digest = digestOf(content);
    server.manifests.set(`team/image ${digest}`, { type: mediaType, content });
    return { mediaType, digest, size: content.length };
  };
  const config = { mediaType: 'application/vnd.oci.empty.v1+json', digest: digestOf('{}'), size: 2 };
  /** Something that says something about a manifest. */
  const note = (server: RegistryServer, subject: object, text = ''): Listed => {
    return put(server, { config, layers: [], subject, annotations: { text } });
  };
  const tag = (digest: string) => `team/image ${digest.replace(':', '-')}`;
  const pulledReferrers = async (server: RegistryServer, log = fakeLog()) => {
    const host = { ...registryHost({ DOCKER_CONFIG: directory }), log };
    const reference = parseReference(`${server.name}/team/image:v1`);
    await pullImage(host, reference, target, { retryMs: 1, stallMs: 400, referrers: true });
    return index()
      .manifests.map(({ digest }) => digest)
      .slice(1);
  };

  it('is brought with what refers to that in turn, and with what it lists', async () => {
    const server = await start();
    const signature = note(server, layout.sbom);
    const inner = put(server, { config, layers: [] });
    const whole = put(server, { manifests: [inner], subject: signature }, indexType);
    expect(await pulledReferrers(server)).toEqual([layout.sbom.digest, signature.digest, whole.digest]);
    expect(existsSync(blob(inner.digest))).toBe(true);
  });

  it('is brought from all pages of the list', async () => {
    const server = await start({ referrersPerPage: 1 });
    const more = [note(server, layout.index, '1'), note(server, layout.index, '2')];
    const expected = [layout.sbom, ...more].map(({ digest }) => digest);
    expect(await pulledReferrers(server)).toEqual(expected);
    const remote = await openRemoteImage(registryHost(), parseReference(`${server.name}/team/image:v1`), {});
    expect(remote.index.manifests.slice(1).map(({ digest }) => digest)).toEqual(expected);
    await remote.close();
  });

  it('has an end', async () => {
    const server = await start();
    const body = JSON.stringify({ schemaVersion: 2, mediaType: indexType, manifests: [] });
    const path = `/referrers/${layout.index.digest}`;
    const link = `<?again>; rel="next"`;
    server.fail({ path, status: 200, headers: { link }, body });
    await expect(pulledReferrers(server)).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    server.heal();
    const many = Array.from({ length: 1001 }, (_, number) => ({
      ...layout.sbom,
      digest: digestOf(String(number)),
    }));
    server.fail({ path, status: 200, body: JSON.stringify({ schemaVersion: 2, manifests: many }) });
    await expect(pulledReferrers(server)).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('may be listed without being there, without being about it, and in an unknown form', async () => {
    const server = await start({ knowsReferrers: false });
    const stranger = note(server, layout.images[0]!);
    const kept = JSON.parse(server.manifests.get(tag(layout.index.digest))!.content.toString()) as {
      manifests: object[];
    };
    const gone = { ...layout.sbom, digest: digestOf('gone') };
    const old = { ...gone, mediaType: 'application/vnd.oci.artifact.manifest.v1+json' };
    kept.manifests = [gone, stranger, old, ...kept.manifests];
    const content = Buffer.from(JSON.stringify(kept));
    server.manifests.set(tag(layout.index.digest), { type: indexType, content });
    const log = fakeLog();
    expect(await pulledReferrers(server, log)).toEqual([layout.sbom.digest]);
    expect(log.messages.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('it is gone'),
      expect.stringContaining(`it is about ${layout.images[0]!.digest}`),
      expect.stringContaining('its media type is application/vnd.oci.artifact'),
    ]);
  });
});

describe('openRemoteImage', () => {
  it('reads documents and no layers', async () => {
    const server = await start();
    const host = registryHost();
    const remote = await openRemoteImage(host, parseReference(`${server.name}/team/image:v1`), {});
    expect(remote.index.manifests.map(({ digest, annotations }) => [digest, annotations])).toEqual([
      [layout.index.digest, { 'org.opencontainers.image.ref.name': 'v1' }],
      [layout.sbom.digest, undefined],
    ]);
    const [image] = layout.images as unknown as Parameters<typeof remote.document>;
    const { config } = JSON.parse(await remote.document(image)) as { config: typeof image };
    expect(await remote.document(config)).toContain('amd64');
    await remote.document(config);
    expect(remote.verified().count).toBe(4);
    server.fail({ path: '/blobs/', flips: true });
    const other = { ...config, digest: layout.layers[1]!.digest };
    await expect(remote.document(other)).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
    await remote.close();
    expect(server.requests.some((line) => line.includes(layer().digest))).toBe(false);
  });
});

describe('what a registry must not do', () => {
  it('gives another blob', async () => {
    const server = await start();
    server.fail({ path: `/blobs/${layer().digest}`, flips: true });
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
    expect(existsSync(blob(layer().digest))).toBe(false);
    expect(existsSync(join(target, '.anyarch-partial'))).toBe(false);
    expect(existsSync(join(target, 'index.json'))).toBe(false);
  });

  it('gives more than the blob', async () => {
    const server = await start();
    server.blobs.set(`team/image ${layer().digest}`, Buffer.concat([big, big]));
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
  });

  it.each(['v1', 'digest'])('gives another manifest: by %s', async (by) => {
    const server = await start();
    server.fail({ path: '/manifests/', flips: true });
    const name = by === 'v1' ? 'team/image:v1' : `team/image@${layout.index.digest}`;
    await expect(pull(server, {}, name)).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
  });

  it.each([
    ['too large', {}, Buffer.alloc(5 << 20, 0x20).toString()],
    [
      'of the first schema',
      { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' },
      '{}',
    ],
    ['a web page', { 'content-type': 'text/html' }, '<html>'],
    [
      'an index that says it is a manifest',
      { 'content-type': 'application/vnd.oci.image.manifest.v1+json' },
      '{"schemaVersion":2,"manifests":[]}',
    ],
    ['both', { 'content-type': 'application/json' }, '{"schemaVersion":2,"manifests":[],"layers":[]}'],
  ])('gives a manifest that is %s', async (_, headers, body) => {
    const server = await start();
    server.fail({ path: '/manifests/', status: 200, headers, body });
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('lists indices for ever', async () => {
    const server = await start();
    const type = 'application/vnd.oci.image.index.v1+json';
    let inner = layout.index as { digest: string; size: number };
    for (let depth = 0; depth < 6; depth += 1) {
      const content = Buffer.from(
        JSON.stringify({ schemaVersion: 2, mediaType: type, manifests: [{ mediaType: type, ...inner }] }),
      );
      inner = { digest: digestOf(content), size: content.length };
      server.manifests.set(`team/image ${inner.digest}`, { type, content });
    }
    await expect(pull(server, {}, `team/image@${inner.digest}`)).rejects.toThrowWithCode(
      'ANYARCH_IMAGE_INVALID',
    );
  });
});

describe('redirects', () => {
  it('are followed to other hosts without our credentials', async () => {
    const storage = await startRegistryServer();
    servers.push(storage);
    storage.blobs.set(`x ${layer().digest}`, big);
    const server = await start({ authentication: 'basic' });
    const location = `http://${storage.name}/v2/x/blobs/${layer().digest}`;
    server.fail({ path: `/blobs/${layer().digest}`, status: 307, headers: { location } });
    await pull(server);
    expect(server.authorizations.at(-1)).toMatch(/^Basic /);
    expect(storage.requests).toEqual([`GET /v2/x/blobs/${layer().digest}`]);
    expect(storage.authorizations).toEqual([undefined]);
  });

  it('end', async () => {
    const server = await start();
    const location = `/v2/team/image/blobs/${layer().digest}`;
    server.fail({ path: `/blobs/${layer().digest}`, status: 302, headers: { location } });
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_REGISTRY_FAILED');
  });

  it('do not lead from a safe place to plain http elsewhere', async () => {
    const server = await start();
    server.fail({ path: '/blobs/', status: 307, headers: { location: 'http://storage.invalid/x' } });
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_REGISTRY_FAILED');
  });
});

describe('what is not there', () => {
  it.each(['team/none:v1', 'team/image:none', `team/image@sha256:${'0'.repeat(64)}`])('%s', async (name) => {
    const server = await start();
    await expect(pull(server, {}, name)).rejects.toThrowWithCode('ANYARCH_REGISTRY_NOT_FOUND');
    expect(existsSync(join(target, 'index.json'))).toBe(false);
  });

  it('a blob', async () => {
    const server = await start();
    server.blobs.delete(`team/image ${layer().digest}`);
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_REGISTRY_NOT_FOUND');
  });
});

describe('the directory', () => {
  it('may hold nothing else', async () => {
    mkdirSync(target);
    writeFileSync(join(target, 'precious'), '');
    const server = await start();
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_OUTPUT_EXISTS');
    expect(readdirSync(target)).toEqual(['precious']);
  });

  it.each(['index.json', 'oci-layout'])('may hold a trap: %s', async (name) => {
    const server = await start();
    await pull(server);
    rmSync(join(target, name));
    execFileSync('mkfifo', [join(target, name)]);
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('may hold what is no blob under the name of one', async () => {
    const server = await start();
    await pull(server);
    rmSync(blob(layer().digest));
    execFileSync('mkfifo', [blob(layer().digest)]);
    mkdirSync(join(target, '.anyarch-partial'));
    execFileSync('mkfifo', [join(target, '.anyarch-partial', `${layer().digest.slice(7)}.part`)]);
    expect(await pull(server)).toMatchObject({ blobs: { downloaded: 1, present: 3 } });
    expect(readFileSync(blob(layer().digest)).equals(big)).toBe(true);
  });

  it('is not made for what is not there', async () => {
    const server = await start();
    await expect(pull(server, {}, 'team/image:none')).rejects.toThrowWithCode('ANYARCH_REGISTRY_NOT_FOUND');
    expect(existsSync(target)).toBe(false);
  });

  it('keeps no parts when a pull has ended, but those that others work on', async () => {
    const server = await start();
    const parts = join(target, '.anyarch-partial');
    mkdirSync(parts, { recursive: true });
    writeFileSync(join(target, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    const others = `${'1'.repeat(64)}.part.${ownToken()}.1`;
    const gone = `${'2'.repeat(64)}.part.0-1-1.1`;
    for (const name of [`${'0'.repeat(64)}.part`, others, gone]) writeFileSync(join(parts, name), 'x');
    utimesSync(join(parts, gone), 0, 0);
    await pull(server);
    expect(readdirSync(parts)).toEqual([others]);
  });

  it('must be one that can be made', async () => {
    const server = await start();
    target = '/proc/none/layout';
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_FILE');
    target = join(directory, 'layout/index.json');
    await expect(pull(server)).rejects.toThrowWithCode('ANYARCH_FILE');
  });
});
