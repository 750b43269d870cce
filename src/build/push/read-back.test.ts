import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writeTestLayout, type TestLayout } from '../../../test/support/image-layout.ts';
import { startRegistryServer, type RegistryServer } from '../../../test/support/registry-server.ts';
import { digestOfHex, type Digest } from '../../core/oci/digest.ts';
import { parseReference } from '../../core/oci/reference.ts';
import { parsePlatform } from '../../core/platform.ts';
import { pushImages } from '../../registry/index.ts';
import { registryHost } from '../../registry/testing/registry-host.ts';
import { readBack } from './read-back.ts';

let directory: string;
let layout: TestLayout;
let server: RegistryServer;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-read-back-'));
  layout = writeTestLayout(join(directory, 'layout'), [Buffer.from('a layer'), Buffer.from('another')]);
  server = await startRegistryServer();
});
afterEach(async () => {
  await server.close();
  rmSync(directory, { recursive: true });
});

async function pushed() {
  const reference = parseReference(`${server.name}/team/image:v1`);
  const [result] = await pushImages(registryHost(), layout.directory, [reference], {});
  if (result?.outcome !== 'pushed') throw new Error('it was not pushed');
  const read = (digest: Digest, platform = 'amd64') =>
    readBack(
      registryHost(),
      reference,
      { platforms: [parsePlatform(platform)], digest },
      {
        authfile: undefined,
        insecure: false,
      },
    );
  return { digest: result.digest, read };
}

it('is what was pushed', async () => {
  const { digest, read } = await pushed();
  expect((await read(digest)).digest).toBe(digest);
});

it('is an error where the tag stands for something else, even of the same platforms', async () => {
  const { read } = await pushed();
  const other = digestOfHex('0'.repeat(64));
  await expect(read(other)).rejects.toThrowWithCode('ANYARCH_REGISTRY_FAILED');
  await expect(read(other)).rejects.toThrow(`and ${other} was pushed`);
});

it('is an error where a platform is missing', async () => {
  const { digest, read } = await pushed();
  await expect(read(digest, 's390x')).rejects.toThrowWithCode('ANYARCH_REGISTRY_FAILED');
});
