import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
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
import type { AnyarchError } from '../core/error.ts';
import { parseReference } from '../core/oci/reference.ts';
import type { Progress } from '../transfer/index.ts';
import { pushImages, type Pushed, type PushOptions } from './push.ts';
import { registryHost } from './testing/registry-host.ts';

const big = Buffer.from(Array.from({ length: 700_000 }, (_, index) => (index * 7919) >> 3));
const small = Buffer.from('a small layer');
let directory: string;
let layout: TestLayout;
const servers: RegistryServer[] = [];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-push-'));
  layout = writeTestLayout(join(directory, 'layout'), [big, small]);
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  rmSync(directory, { recursive: true });
});

async function start(options: RegistryServerOptions = {}): Promise<RegistryServer> {
  const server = await startRegistryServer(options);
  servers.push(server);
  return server;
}

const quick = { chunkBytes: 200_000, retryMs: 1, stallMs: 400 } satisfies PushOptions;

async function push(server: RegistryServer, options: PushOptions = {}, to = ['team/image:v1']) {
  const references = to.map((name) => parseReference(`${server.name}/${name}`));
  const host = registryHost({ DOCKER_CONFIG: directory });
  return await pushImages(host, layout.directory, references, { ...quick, ...options });
}

/** Of a push that is to succeed. */
async function pushed(...args: Parameters<typeof push>): Promise<Pushed> {
  const [result] = await push(...args);
  if (result?.outcome !== 'pushed') throw result?.error ?? new Error('nothing');
  return result;
}

async function failed(...args: Parameters<typeof push>): Promise<AnyarchError> {
  const [result] = await push(...args);
  if (result?.outcome !== 'failed') throw new Error('it was pushed');
  return result.error;
}

const tagOf = (server: RegistryServer, tag = 'v1') => server.manifests.get(`team/image ${tag}`);
const uploads = (server: RegistryServer, method: string) =>
  server.requests.filter((line) => line.startsWith(`${method} `) && line.includes('/blobs/uploads/'));

function logIn(
  server: RegistryServer,
  entry: object = { auth: Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64') },
) {
  writeFileSync(join(directory, 'config.json'), JSON.stringify({ auths: { [server.name]: entry } }));
}

describe('pushImages', () => {
  it('brings everything, the tag last', async () => {
    const server = await start();
    const result = await pushed(server);
    expect(result).toMatchObject({
      digest: layout.index.digest,
      blobs: { uploaded: 6, mounted: 0, present: 0 },
      manifests: 3,
      referrers: 1,
    });
    expect(digestOf(tagOf(server)!.content)).toBe(layout.index.digest);
    expect(server.blobs.get(`team/image ${layout.layers[0]!.digest}`)?.equals(big)).toBe(true);
    expect(server.manifests.has(`team/image ${layout.sbom.digest}`)).toBe(true);
    expect(server.requests.at(-1)).toBe('PUT /v2/team/image/manifests/v1');
    expect(server.requests.filter((line) => line.endsWith('/manifests/v1'))).toHaveLength(1);
    // 700 000 bytes in chunks of 200 000; what is smaller goes in one piece.
    expect(uploads(server, 'PATCH')).toHaveLength(4);
  });

  it('sends nothing again', async () => {
    const server = await start();
    await pushed(server);
    const before = server.uploadedBytes();
    expect(await pushed(server)).toMatchObject({ blobs: { uploaded: 0, present: 6 }, uploadedBytes: 0 });
    expect(server.uploadedBytes()).toBe(before);
  });

  it('borrows from another repository, named or pushed to before', async () => {
    const server = await start();
    const both = await push(server, {}, ['team/image:v1', 'team/second:v1']);
    expect(both[1]).toMatchObject({ outcome: 'pushed', blobs: { mounted: 6 } });
    expect(
      await pushed(server, { mountFrom: ['nothing/there', `${server.name}/team/image`] }, ['third:v1']),
    ).toMatchObject({
      blobs: { mounted: 6, uploaded: 0 },
    });
    // Uploads that a refused mount has begun are given back.
    expect(uploads(server, 'DELETE')).toHaveLength(6);
  });

  it('sends what it may not borrow, wherever the upload is that it has begun instead', async () => {
    const server = await start();
    const headers = { location: 'http://storage.invalid/upload' };
    server.fail({ method: 'POST', path: '?mount=', status: 202, headers });
    const result = await pushed(server, { mountFrom: ['other/image'] });
    expect(result.blobs).toMatchObject({ uploaded: 6, mounted: 0 });
  });

  it('tells how far it is', async () => {
    const seen: Progress[] = [];
    await pushed(await start(), { onProgress: (progress) => seen.push(progress) });
    expect(seen.at(-1)).toMatchObject({ phase: 'upload', received: seen[0]!.total });
    expect(seen.some(({ received, total }) => received > 0 && received < total!)).toBe(true);
  });

  it('respects the smallest chunk that a registry takes', async () => {
    const server = await start({ minimumChunk: 400_000 });
    await pushed(server);
    expect(uploads(server, 'PATCH')).toHaveLength(2);
  });

  it('keeps an index of referrers where the registry knows none', async () => {
    const server = await start({ knowsReferrers: false });
    await pushed(server);
    await pushed(server);
    const kept = tagOf(server, layout.index.digest.replace(':', '-'));
    expect(JSON.parse(kept!.content.toString())).toMatchObject({
      manifests: [{ digest: layout.sbom.digest, artifactType: 'application/vnd.cyclonedx+json' }],
    });
  });

  it('keeps what others have written into that index', async () => {
    const server = await start({ knowsReferrers: false });
    const tag = layout.index.digest.replace(':', '-');
    const type = 'application/vnd.oci.image.index.v1+json';
    const other = { ...layout.images[0], data: 'e30=', urls: ['https://x'], 'x-new': { a: [1] } };
    const annotations = { 'org.example.by': 'somebody' };
    const present = { schemaVersion: 2, mediaType: type, annotations, 'x-more': 1, manifests: [other] };
    await pushed(server);
    server.manifests.set(`team/image ${tag}`, { type, content: Buffer.from(JSON.stringify(present)) });
    await pushed(server);
    const kept = JSON.parse(tagOf(server, tag)!.content.toString()) as typeof present;
    expect(kept).toMatchObject({ annotations, 'x-more': 1, mediaType: type });
    expect(kept.manifests.map((entry) => entry.digest)).toEqual([other.digest, layout.sbom.digest]);
    expect(kept.manifests[0]).toEqual(other);
  });

  it('does not put that index in the place of an image', async () => {
    const server = await start({ knowsReferrers: false });
    const tag = layout.index.digest.replace(':', '-');
    await pushed(server, {}, [`team/image:${tag}`]).catch(() => undefined);
    const image = server.manifests.get(`team/image ${layout.images[0]!.digest}`)!;
    server.manifests.set(`team/image ${tag}`, image);
    expect((await failed(server)).code).toBe('ANYARCH_IMAGE_INVALID');
    expect(tagOf(server, tag)).toBe(image);
  });

  it('goes on with all references and says what became of each', async () => {
    const server = await start();
    server.fail({ path: '/v2/bad/', status: 403 });
    const results = await push(server, {}, ['bad/one:v1', 'team/image:v1']);
    expect(results.map(({ outcome }) => outcome)).toEqual(['failed', 'pushed']);
  });
});

describe('what is pushed', () => {
  const names = (tags: readonly string[]) => {
    const entries = tags.map((tag, position) => ({
      ...layout.images[position],
      annotations: { 'org.opencontainers.image.ref.name': tag },
    }));
    writeFileSync(
      join(layout.directory, 'index.json'),
      JSON.stringify({ schemaVersion: 2, manifests: entries }),
    );
  };

  it('is the image of the reference’s tag, of a name, or all of them', async () => {
    names(['amd64', 'arm']);
    const server = await start();
    expect((await pushed(server, {}, ['team/image:arm'])).digest).toBe(layout.images[1]!.digest);
    expect((await pushed(server, { image: 'amd64' }, ['team/image:x'])).digest).toBe(
      layout.images[0]!.digest,
    );
    await push(server, { allTags: true }, ['team/all']);
    expect(server.manifests.has('team/all amd64') && server.manifests.has('team/all arm')).toBe(true);
  });

  it('must be clear', async () => {
    const server = await start();
    await expect(push(server, { allTags: true })).rejects.toThrowWithCode('ANYARCH_USAGE');
    await expect(push(server, { image: 'none' })).rejects.toThrow(/it has latest/);
    await expect(push(server, {}, [`a@sha256:${'0'.repeat(64)}`])).rejects.toThrowWithCode('ANYARCH_USAGE');
    names(['amd64', 'arm']);
    await expect(push(server, {}, ['team/image:other'])).rejects.toThrow(/it has amd64, arm/);
    names([]);
    await expect(push(server)).rejects.toThrowWithCode('ANYARCH_USAGE');
    expect(server.requests).toEqual([]);
  });

  it('is not held up by an entry that cannot be read', async () => {
    const bad = { ...layout.images[1]!, digest: digestOf('not there') };
    const write = (...entries: object[]) => {
      const manifests = entries;
      writeFileSync(join(layout.directory, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests }));
    };
    const server = await start();
    const named = (entry: object, name: string) => ({
      ...entry,
      annotations: { 'org.opencontainers.image.ref.name': name },
    });
    write(named(layout.index, 'good'), named(bad, 'bad'), bad, layout.sbom);
    expect(await pushed(server, {}, ['team/image:good'])).toMatchObject({
      digest: layout.index.digest,
      referrers: 1,
    });
    const results = await push(server, { allTags: true }, ['team/all']);
    expect(results.map(({ outcome }) => outcome)).toEqual(['pushed', 'failed']);
    expect((await failed(server, {}, ['team/image:bad'])).code).toBe('ANYARCH_IMAGE_INVALID');
    write(layout.index, bad);
    await pushed(server);
    write(bad);
    expect((await failed(server)).message).toContain(bad.digest.slice(7));
  });

  it('must be intact', async () => {
    const server = await start();
    const blob = join(layout.directory, 'blobs', layout.layers[0]!.digest.replace(':', '/'));
    const content = readFileSync(blob);
    content[5] = content[5]! ^ 1;
    writeFileSync(blob, content);
    expect(await failed(server)).toMatchObject({
      code: 'ANYARCH_DIGEST_MISMATCH',
      message: expect.stringContaining(blob) as string,
    });
    truncateSync(blob, 10);
    expect((await failed(server)).code).toBe('ANYARCH_IMAGE_INVALID');
    rmSync(blob);
    expect((await failed(server)).code).toBe('ANYARCH_IMAGE_INVALID');
    expect(tagOf(server)).toBeUndefined();
    writeFileSync(join(layout.directory, 'index.json'), '{');
    await expect(push(server)).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
    rmSync(join(layout.directory, 'oci-layout'));
    await expect(push(server)).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });
});

describe('a layout of somebody else’s', () => {
  const blob = () => join(layout.directory, 'blobs', layout.layers[0]!.digest.replace(':', '/'));

  it('does not make anyarch send what is no blob of it', async () => {
    const secret = join(directory, 'secret');
    writeFileSync(secret, Buffer.alloc(big.length, 'secret'));
    copyFileSync(secret, blob());
    const server = await start();
    expect((await failed(server)).code).toBe('ANYARCH_DIGEST_MISMATCH');
    expect(uploads(server, 'PATCH')).toEqual([]);
    expect([...server.blobs.values()].some((content) => content.includes('secret'))).toBe(false);
    rmSync(blob());
    writeFileSync(secret, big);
    symlinkSync(secret, blob());
    expect(await failed(server)).toMatchObject({
      code: 'ANYARCH_IMAGE_INVALID',
      message: expect.stringContaining('symbolic link') as string,
    });
    expect(uploads(server, 'PATCH')).toEqual([]);
  });

  it.each(['index.json', 'oci-layout', 'a manifest', 'a blob'])(
    'does not keep anyarch waiting or full: %s',
    async (what) => {
      const server = await start();
      const digest = what === 'a manifest' ? layout.index.digest : layout.layers[0]!.digest;
      const path = join(layout.directory, what.startsWith('a ') ? `blobs/${digest.replace(':', '/')}` : what);
      const attempt = what.startsWith('a ')
        ? async () => {
            throw await failed(server);
          }
        : () => push(server);
      for (const make of [
        () => execFileSync('mkfifo', [path]),
        () => {
          symlinkSync('/dev/zero', path);
        },
      ]) {
        rmSync(path);
        make();
        await expect(attempt()).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
      }
    },
  );
});

describe('an interrupted upload', () => {
  it('goes on where the registry says', async () => {
    const server = await start();
    server.fail({ method: 'PATCH', path: '/blobs/uploads/', cutUploadAfter: 70_000, times: 3 });
    expect((await pushed(server)).blobs.uploaded).toBe(6);
    expect(server.blobs.get(`team/image ${layout.layers[0]!.digest}`)?.equals(big)).toBe(true);
    const blobs = layout.layers[0]!.size;
    // Nothing that had arrived was sent again.
    expect(server.uploadedBytes() - blobs).toBeLessThan(2000);
  });

  it('begins anew where the registry has forgotten it', async () => {
    const server = await start({ forgetsUploads: true });
    server.fail({ method: 'PATCH', path: '/blobs/uploads/', cutUploadAfter: 70_000, times: 2 });
    await pushed(server);
    expect(server.blobs.get(`team/image ${layout.layers[0]!.digest}`)?.equals(big)).toBe(true);
  });

  it.each([
    ['a chunk', 'PATCH'],
    ['the end', 'PUT'],
    ['the beginning', 'POST'],
  ])('may have been done all the same: %s', async (_, method) => {
    const server = await start();
    server.fail({ method, path: '/blobs/uploads/', cutAnswer: true, times: 2 });
    await pushed(server);
    expect(server.blobs.get(`team/image ${layout.layers[0]!.digest}`)?.equals(big)).toBe(true);
  });

  it.each([
    ['does not move', '0-0'],
    ['goes back', '0-5'],
    ['is beyond what was sent', '0-99999999'],
    ['is beyond all numbers', `0-${'9'.repeat(400)}`],
  ])('is given up when the Range that a registry says %s', async (_, range) => {
    const server = await start();
    const location = '/v2/team/image/blobs/uploads/1';
    server.fail({ method: 'PATCH', path: '/blobs/uploads/', status: 202, headers: { location, range } });
    expect((await failed(server)).code).toBe('ANYARCH_REGISTRY_FAILED');
    expect(uploads(server, 'PATCH').length).toBeLessThan(20);
    expect(tagOf(server)).toBeUndefined();
  });

  it('begins anew when the registry has more than there is', async () => {
    const server = await start();
    server.fail({ method: 'PATCH', path: '/blobs/uploads/', cutUploadAfter: 70_000, times: 1 });
    server.fail({ method: 'GET', path: '/blobs/uploads/', says: { range: '0-99999999' } });
    await pushed(server);
    expect(server.blobs.get(`team/image ${layout.layers[0]!.digest}`)?.equals(big)).toBe(true);
  });

  it('is given up after some attempts that bring nothing, and no tag is there', async () => {
    const server = await start();
    server.fail({ method: 'PATCH', path: '/blobs/uploads/', cutUploadAfter: 0 });
    expect((await failed(server)).code).toBe('ANYARCH_REGISTRY_UNREACHABLE');
    expect(uploads(server, 'PATCH').length).toBeLessThan(10);
    expect(tagOf(server)).toBeUndefined();
    server.heal();
    await pushed(server);
    expect(tagOf(server)).toBeDefined();
  });

  it('gives up a registry that never answers', async () => {
    const server = await start();
    server.fail({ method: 'POST', path: '/blobs/uploads/', stalls: true });
    expect((await failed(server, { stallMs: 100 })).code).toBe('ANYARCH_REGISTRY_UNREACHABLE');
    // Four attempts, and undici looks once a second whether something has come.
  }, 20_000);

  it('can be cancelled', async () => {
    const server = await start();
    server.fail({ method: 'PATCH', path: '/blobs/uploads/', stalls: true });
    const signal = AbortSignal.timeout(100);
    await expect(push(server, { signal, stallMs: 60_000 })).rejects.toThrowWithCode('ANYARCH_CANCELLED');
    expect(tagOf(server)).toBeUndefined();
  });
});

describe('answers', () => {
  it('500 passes', async () => {
    const server = await start();
    server.fail({ path: '/v2/team', status: 500, times: 3 });
    await pushed(server);
    expect(tagOf(server)).toBeDefined();
  });

  it('500 for ever does not', async () => {
    const server = await start();
    const body = JSON.stringify({ errors: [{ code: 'UNKNOWN', message: 'disk\x07 full' }] });
    server.fail({ method: 'PUT', path: '/manifests/', status: 500, body });
    expect(await failed(server)).toMatchObject({
      code: 'ANYARCH_REGISTRY_FAILED',
      message: expect.stringContaining('status 500: UNKNOWN disk\\x07 full') as string,
    });
    expect(tagOf(server)).toBeUndefined();
  });

  it('429 is waited for', async () => {
    const server = await start();
    server.fail({ path: '/v2/team', status: 429, headers: { 'retry-after': '1' }, times: 1 });
    const started = performance.now();
    await pushed(server);
    expect(performance.now() - started).toBeGreaterThan(950);
    const date = new Date(Date.now() + 1000).toUTCString();
    server.fail({ path: '/v2/team', status: 429, headers: { 'retry-after': date }, times: 1 });
    await pushed(server);
  });

  it('429 for too long is reported', async () => {
    const server = await start();
    server.fail({ path: '/v2/team', status: 429, headers: { 'retry-after': '7200' } });
    expect(await failed(server)).toMatchObject({
      code: 'ANYARCH_REGISTRY_RATE_LIMIT',
      details: { retryAfterSeconds: 7200, status: 429 },
      hint: expect.stringMatching(/in 7200 s/) as string,
    });
    expect(server.requests.length).toBeLessThan(10);
  });

  it('403 and 413 are final', async () => {
    const server = await start();
    server.fail({ path: '/v2/team', method: 'POST', status: 403 });
    expect((await failed(server)).code).toBe('ANYARCH_REGISTRY_DENIED');
    server.heal();
    server.fail({ path: '/v2/team', method: 'PATCH', status: 413 });
    expect((await failed(server)).code).toBe('ANYARCH_REGISTRY_FAILED');
    expect(uploads(server, 'PATCH')).toHaveLength(1);
  });

  it('nobody there', async () => {
    const server = await start();
    await server.close();
    expect(await failed(server)).toMatchObject({ code: 'ANYARCH_REGISTRY_UNREACHABLE' });
    servers.length = 0;
  });
});

describe('authentication', () => {
  it.each(['bearer', 'basic'] as const)('%s', async (authentication) => {
    const server = await start({ authentication });
    expect(await failed(server)).toMatchObject({
      code: 'ANYARCH_REGISTRY_DENIED',
      hint: expect.stringMatching(/no credentials were found/) as string,
    });
    logIn(server);
    await pushed(server);
    expect(tagOf(server)).toBeDefined();
  });

  it.each([403, 500])('sends what it may not borrow, when the token server says %s', async (status) => {
    const server = await start({ authentication: 'bearer' });
    logIn(server);
    server.fail({ path: 'scope=repository%3Aother%2Fimage', status });
    const result = await pushed(server, { mountFrom: ['other/image'] });
    expect(result.blobs).toMatchObject({ uploaded: 6, mounted: 0 });
  });

  it('uses one token for all requests of a kind', async () => {
    const server = await start({ authentication: 'bearer' });
    logIn(server);
    await pushed(server);
    const asked = server.requests.filter((line) => line.includes('/token'));
    expect(asked).toHaveLength(1);
    const query = new URL(asked[0]!.split(' ')[1]!, 'http://x').searchParams;
    expect(query.get('service')).toBe('the, "service"');
    expect(query.getAll('scope')).toEqual(['repository:team/image:pull,push']);
    expect(query.get('account')).toBe(registryUser.name);
  });

  it('renews a token that has expired', async () => {
    const server = await start({ authentication: 'bearer' });
    logIn(server);
    const headers = { 'www-authenticate': `Bearer realm="http://${server.name}/token"` };
    server.fail({ method: 'PUT', path: '/manifests/', status: 401, headers, times: 1 });
    await pushed(server);
    expect(server.requests.filter((line) => line.includes('/token'))).toHaveLength(2);
  });

  it('exchanges an identity token', async () => {
    const server = await start({ authentication: 'bearer' });
    logIn(server, { auth: '', identitytoken: registryUser.identityToken });
    await pushed(server);
    expect(server.requests).toContain('POST /token');
  });

  it('says which credentials were refused, and nothing of the password', async () => {
    for (const authentication of ['bearer', 'basic'] as const) {
      const server = await start({ authentication });
      logIn(server, { auth: Buffer.from('me:wrong-password').toString('base64') });
      const error = await failed(server);
      expect(error).toMatchObject({
        code: 'ANYARCH_REGISTRY_DENIED',
        hint: expect.stringContaining(`tried the user "me" of ${join(directory, 'config.json')}`) as string,
      });
      expect(JSON.stringify(error) + error.message).not.toContain('wrong-password');
      // Refused is refused.
      expect(server.requests.length).toBeLessThan(25);
    }
  });

  it('sends no credentials to a token server that cannot be trusted with them', async () => {
    const server = await start();
    logIn(server);
    const headers = { 'www-authenticate': 'Bearer realm="http://tokens.invalid/token"' };
    server.fail({ path: '/v2/team', status: 401, headers });
    expect(await failed(server)).toMatchObject({
      code: 'ANYARCH_REGISTRY_FAILED',
      details: { realm: 'http://tokens.invalid/token' },
    });
  });

  it('sends no credentials where else an upload may go', async () => {
    const other = await start();
    const server = await start({ authentication: 'basic' });
    logIn(server);
    const location = `http://${other.name}/v2/team/image/blobs/uploads/elsewhere?state=a%2Bb`;
    server.fail({ method: 'POST', path: '/blobs/uploads/', status: 202, headers: { location } });
    expect((await failed(server)).code).toBe('ANYARCH_REGISTRY_NOT_FOUND');
    expect(other.authorizations.length).toBeGreaterThan(0);
    expect(other.authorizations.every((value) => value === undefined)).toBe(true);
  });
});
