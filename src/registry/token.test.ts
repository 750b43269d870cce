import { expect, it } from 'vitest';
import type { Http } from '../transfer/index.ts';
import { parseChallenges } from './challenge.ts';
import { fetchToken } from './token.ts';

/** Asks for a token for the registry at `origin` from `realm`; a request fails with its address. */
async function ask(origin: string, realm: string) {
  const http: Http = {
    get: () => Promise.reject(new Error('unused')),
    request: ({ url }) => Promise.reject(new Error(`asked ${url}`)),
    close: () => Promise.resolve(),
  };
  const [challenge] = parseChallenges(`Bearer realm="${realm}"`);
  return await fetchToken(http, {
    challenge: challenge!,
    scopes: [],
    credentials: { kind: 'password', username: 'me', secret: 'secret', source: 'here' },
    registry: new URL(origin).host,
    origin,
    insecure: false,
    signal: undefined,
  });
}

it.each([
  'http://127.0.0.1:5998/token',
  'https://localhost/token',
  'https://169.254.169.254/token',
  'http://tokens.example/token',
])('a registry elsewhere gets no credentials sent to %s', async (realm) => {
  await expect(ask('https://registry.example', realm)).rejects.toThrowWithCode('ANYARCH_REGISTRY_FAILED');
});

it.each([
  ['https://registry.example', 'https://tokens.example/token'],
  ['http://localhost:5000', 'http://127.0.0.1:5998/token'],
])('%s may have its tokens at %s', async (origin, realm) => {
  await expect(ask(origin, realm)).rejects.toThrow(`asked ${realm}?account=me`);
});
