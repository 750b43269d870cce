import { createHash, createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { certificate, privateKey } from '../mirror-certificate.ts';

/** Gives tokens that docker-registry believes (docs of distribution, "Token Authentication Implementation"). */
export interface TokenServer {
  readonly realm: string;
  readonly service: string;
  readonly issuer: string;
  /** PEM of what its tokens are signed with. */
  readonly certificate: string;
  /** `anonymous`, or the user's name, with the scopes that were granted. */
  readonly granted: string[];
  close(): Promise<void>;
}

/** To everybody who gives the name and the password all that is asked for, to others what needs no more than `pull`. */
export async function startTokenServer(user: { name: string; password: string }): Promise<TokenServer> {
  const [service, issuer] = ['anyarch-test-registry', 'anyarch-test-issuer'];
  const granted: string[] = [];
  const expected = `Basic ${Buffer.from(`${user.name}:${user.password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    if (authorization !== undefined && authorization !== expected) {
      response.writeHead(401).end('{"errors":[{"code":"UNAUTHORIZED","message":"wrong password"}]}');
      return;
    }
    const scopes = new URL(request.url ?? '', 'http://x').searchParams.getAll('scope');
    const isKnown = authorization === expected;
    granted.push(`${isKnown ? user.name : 'anonymous'} ${scopes.join(' ')}`);
    const access = scopes.map((scope) => {
      const [type, name, actions = ''] = scope.split(':');
      return { type, name, actions: actions.split(',').filter((action) => isKnown || action === 'pull') };
    });
    response.end(JSON.stringify({ token: makeToken({ service, issuer, access }), expires_in: 300 }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    realm: `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`,
    service,
    issuer,
    certificate,
    granted,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A JSON Web Token with the certificate of its key (RFC 7519, RFC 7515 `x5c`). */
function makeToken({
  service,
  issuer,
  access,
}: {
  service: string;
  issuer: string;
  access: unknown;
}): string {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const header = { typ: 'JWT', alg: 'ES256', x5c: [new X509Certificate(certificate).raw.toString('base64')] };
  const claims = {
    iss: issuer,
    sub: 'test',
    aud: service,
    exp: now + 300,
    nbf: now - 10,
    iat: now,
    jti: createHash('sha256').update(randomUUID()).digest('hex').slice(0, 16),
    access,
  };
  const signed = `${encode(header)}.${encode(claims)}`;
  const key = { key: createPrivateKey(privateKey), dsaEncoding: 'ieee-p1363' } as const;
  return `${signed}.${sign('sha256', Buffer.from(signed), key).toString('base64url')}`;
}
