import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { certificate, privateKey } from '../../test/support/mirror-certificate.ts';
import { fakeLog } from '../host/testing/fake-log.ts';
import { trustedCertificates } from '../transfer/index.ts';
import { downloadSmall } from './download.ts';
import { openHttp, type HttpOptions } from '../transfer/index.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server): Promise<number> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const echo: RequestListener = (request, response) => {
  response.end(`${request.url ?? ''} ${request.headers.authorization ?? 'anonymous'}`);
};

async function get(url: string, options: Partial<HttpOptions> = {}): Promise<string> {
  const http = await openHttp({
    proxies: { http: undefined, https: undefined, except: '' },
    certificates: [],
    ...options,
  });
  try {
    const downloader = { http, log: fakeLog(), cache: '/nowhere', firstDelayMs: 1 };
    return Buffer.from(await downloadSmall(downloader, url, 1000)).toString();
  } finally {
    await http.close();
  }
}

describe('openHttp', () => {
  it('trusts the certificates that it is given, and no others', async () => {
    const port = await listen(createHttpsServer({ cert: certificate, key: privateKey }, echo));
    expect(await get(`https://localhost:${port}/x`, { certificates: [certificate] })).toBe('/x anonymous');
    const untrusted = get(`https://localhost:${port}/x`, { certificates: trustedCertificates({}) });
    await expect(untrusted).rejects.toThrow(/certificate is not trusted/);
  });

  it('asks a proxy for whole URLs, without a tunnel, but not for excepted hosts', async () => {
    const direct = await listen(createHttpServer(echo));
    const proxy = `http://127.0.0.1:${await listen(createHttpServer(echo))}`;
    const proxies = { http: proxy, https: undefined, except: '' };
    expect(await get('http://mirror.invalid/debian/x', { proxies })).toBe(
      'http://mirror.invalid/debian/x anonymous',
    );
    expect(await get(`http://127.0.0.1:${direct}/x`, { proxies: { ...proxies, except: '127.0.0.1' } })).toBe(
      '/x anonymous',
    );
  });

  it('sends the user and password of the URL as a header', async () => {
    const port = await listen(createHttpServer(echo));
    expect(await get(`http://me:p%40ss@127.0.0.1:${port}/x`)).toBe(
      `/x Basic ${Buffer.from('me:p@ss').toString('base64')}`,
    );
  });

  it.each(['end', 'resetAndDestroy'] as const)(
    'does not wait for a server that closes each connection at once (%s)',
    async (closing) => {
      const server = createHttpServer(echo);
      const port = await listen(server);
      expect(await get(`http://127.0.0.1:${port}/x`)).toBe('/x anonymous');
      server.prependListener('connection', (socket) => socket[closing]());
      await expect(get(`http://127.0.0.1:${port}/x`)).rejects.toThrowWithCode('ANYARCH_DOWNLOAD_FAILED');
    },
  );

  it('never shows the password', async () => {
    const port = await listen(createHttpServer((_, response) => response.writeHead(403).end()));
    const error = await get(`http://me:secret@127.0.0.1:${port}/x`).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error)).not.toContain('secret');
  });
});

describe('trustedCertificates', () => {
  it("adds the environment's to Node's own", () => {
    const directory = mkdtempSync(join(tmpdir(), 'anyarch-ca-'));
    const file = join(directory, 'ca.pem');
    writeFileSync(file, certificate);
    for (const variable of ['ANYARCH_CA_CERTS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
      const trusted = trustedCertificates({ [variable]: file });
      expect(trusted).toContain(certificate);
      expect(trusted.length).toBeGreaterThan(100);
    }
    rmSync(directory, { recursive: true });
    expect(trustedCertificates({ ANYARCH_CA_CERTS: file })).not.toContain(certificate);
  });
});
