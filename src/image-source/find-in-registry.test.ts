import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startRegistryServer, type RegistryServer } from '../../test/support/registry-server.ts';
import { mediaTypes } from '../core/oci/media-types.ts';
import { parseReference } from '../core/oci/reference.ts';
import { makeLayout } from '../image/testing/layout-maker.ts';
import { pushImages } from '../registry/index.ts';
import { registryHost } from '../registry/testing/registry-host.ts';
import { limitsFrom } from '../image-store/index.ts';
import { findInRegistry } from './find-in-registry.ts';

let directory: string;
let server: RegistryServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-source-'));
  server = await startRegistryServer();
  const maker = makeLayout(join(directory, 'layout'));
  const images = ['arm64', 's390x'].map((architecture) => {
    const layer = maker.blob(Buffer.from(`for ${architecture}`), mediaTypes.layerTar);
    const image = maker.image([[layer, layer.digest]], { architecture });
    return { ...image, platform: { os: 'linux', architecture } };
  });
  maker.finish([maker.index(images)]);
  await pushImages(registryHost(), join(directory, 'layout'), [reference()], {});
  server.requests.length = 0;
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

const reference = () => parseReference(`${server.name}/team/image:v1`);
const work = () => join(directory, 'work');

const find = (architecture: string, signal?: AbortSignal) =>
  findInRegistry(registryHost(), reference(), {
    wanted: { named: { os: 'linux', architecture }, own: { os: 'linux', architecture: 'amd64' } },
    workDirectory: work(),
    limits: limitsFrom({}),
    connection: { retryMs: 1 },
    signal,
  });

it('reads three documents, then one layer, and removes it in the end', async () => {
  const found = await find('s390x');
  expect(found.platform).toEqual({ os: 'linux', architecture: 's390x' });
  expect(server.requests.filter((request) => request.includes('/manifests/'))).toHaveLength(2);
  expect(server.requests.filter((request) => request.includes('/blobs/'))).toHaveLength(1);
  expect(existsSync(work())).toBe(false);
  await found.claim();
  const { layers } = await found.open();
  expect(layers.map(({ path }) => readFileSync(path, 'utf8'))).toEqual(['for s390x']);
  await found.close(true);
  expect(readdirSync(work())).toEqual([]);
});

it('lists what there is', async () => {
  await expect(find('riscv64')).rejects.toThrowWithCode('ANYARCH_PLATFORM_NOT_FOUND');
  await expect(find('riscv64')).rejects.toHaveProperty(
    'hint',
    'it has linux/arm64, linux/s390x; choose one with -a',
  );
});

it('keeps what came before a failure, for the next time', async () => {
  const found = await find('arm64');
  await found.claim();
  const layer = server.requests.length;
  await found.open();
  await found.close(false);
  const again = await find('arm64');
  await again.claim();
  server.requests.length = layer;
  await again.open();
  expect(
    server.requests.filter((request) => request.includes('/blobs/') && request.includes('GET')),
  ).toHaveLength(1);
  await again.close(true);
});

it('takes nothing that is not what was promised', async () => {
  const found = await find('arm64');
  await found.claim();
  server.fail({ path: '/blobs/', flips: true });
  await expect(found.open()).rejects.toThrowWithCode('ANYARCH_DIGEST_MISMATCH');
  await found.close(false);
});

it('waits for another process that pulls the same, and can be cancelled', async () => {
  const first = await find('arm64');
  await first.claim();
  const cancelled = new AbortController();
  const second = await find('arm64', cancelled.signal);
  const waiting = second.claim();
  const other = await find('arm64');
  const claimed = other.claim().then(() => 'claimed');
  expect(await Promise.race([claimed, new Promise((resolve) => setTimeout(resolve, 250, 'waiting'))])).toBe(
    'waiting',
  );
  cancelled.abort();
  await expect(waiting).rejects.toThrowWithCode('ANYARCH_CANCELLED');
  await first.close(false);
  expect(await claimed).toBe('claimed');
  await other.close(true);
});
