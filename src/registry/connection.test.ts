import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { certificate, privateKey } from '../../test/support/mirror-certificate.ts';
import { openConnection, type ConnectionOptions } from './connection.ts';
import { registryHost } from './testing/registry-host.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

async function listen(server: Server): Promise<number> {
  closing.push(() => server.close());
  await new Promise<void>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      resolve();
    }),
  );
  return (server.address() as AddressInfo).port;
}

const plain = () => listen(createHttpServer((_, response) => response.end()));
const secure = () =>
  listen(createHttpsServer({ cert: certificate, key: privateKey }, (_, response) => response.end()));

async function origin(registry: string, options: ConnectionOptions = {}, environment = {}): Promise<string> {
  const host = registryHost(environment);
  const connection = await openConnection(host, registry, { retryMs: 1, stallMs: 300, ...options });
  closing.push(() => void connection.close());
  return await connection.origin();
}

describe('where a registry is', () => {
  it('on this machine: https, or else http', async () => {
    const name = `127.0.0.1:${await plain()}`;
    expect(await origin(name)).toBe(`http://${name}`);
    const other = `localhost:${await secure()}`;
    const directory = mkdtempSync(join(tmpdir(), 'anyarch-ca-'));
    closing.push(() => {
      rmSync(directory, { recursive: true });
    });
    const file = join(directory, 'ca.pem');
    writeFileSync(file, certificate);
    expect(await origin(other, {}, { NODE_EXTRA_CA_CERTS: file })).toBe(`https://${other}`);
  });

  it('with a certificate that nobody trusts: only where that is allowed, and never by http instead', async () => {
    const name = `localhost:${await secure()}`;
    await expect(origin(name)).rejects.toThrow(
      expect.objectContaining({
        code: 'ANYARCH_REGISTRY_UNREACHABLE',
        hint: expect.stringContaining('--tls-verify=false') as string,
      }) as Error,
    );
    expect(await origin(name, { insecure: true })).toBe(`https://${name}`);
  });

  it('elsewhere: https, without asking', async () => {
    expect(await origin('registry.invalid:5000')).toBe('https://registry.invalid:5000');
    expect(await origin('docker.io')).toBe('https://registry-1.docker.io');
  });

  it('elsewhere and insecure: looked for, and not found', async () => {
    await expect(origin('registry.invalid', { insecure: true })).rejects.toThrowWithCode(
      'ANYARCH_REGISTRY_UNREACHABLE',
    );
  });

  it.each(['localhost:65536', '1.2.3.256:5000', '[1:2:3]:5000'])('nowhere: %s', async (name) => {
    await expect(origin(name)).rejects.toThrowWithCode('ANYARCH_REFERENCE_INVALID');
  });

  it('nowhere: a server that says nothing', async () => {
    const name = `127.0.0.1:${await listen(createTcpServer())}`;
    await expect(origin(name)).rejects.toThrowWithCode('ANYARCH_REGISTRY_UNREACHABLE');
    // Four attempts with and four without TLS, and undici looks once a second whether something has come.
  }, 40_000);

  it('never behind a proxy when it is on this machine', async () => {
    const name = `127.0.0.1:${await plain()}`;
    expect(
      await origin(name, {}, { http_proxy: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' }),
    ).toBe(`http://${name}`);
  });
});
