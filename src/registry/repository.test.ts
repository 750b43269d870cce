import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { HttpRequest, HttpResponse } from '../transfer/index.ts';
import type { Authorizer } from './authorizer.ts';
import type { Connection } from './connection.ts';
import { openRepository } from './repository.ts';

const authorizer: Authorizer = {
  authorization: () => Promise.resolve('Basic secret'),
  learn: () => Promise.resolve(false),
  tried: () => undefined,
};

function answer(status: number, headers: HttpResponse['headers'] = {}): HttpResponse {
  return { status, headers, body: Readable.from([]), discard: () => undefined };
}

/** A repository of the registry at `origin`, which answers the first request with `first`. */
function repositoryAt(origin: string, first = answer(200)) {
  const requests: HttpRequest[] = [];
  const connection: Connection = {
    registry: origin.replace(/^https?:\/\//, ''),
    http: {
      get: () => Promise.reject(new Error('unused')),
      request: (request) => {
        requests.push(request);
        return Promise.resolve(requests.length === 1 ? first : answer(200));
      },
      close: () => Promise.resolve(),
    },
    insecure: false,
    signal: undefined,
    origin: () => Promise.resolve(origin),
    retrying: (attempt) => attempt(),
    close: () => Promise.resolve(),
  };
  return { repository: openRepository(connection, authorizer, 'team/image', 'pull,push'), requests };
}

describe.each([
  ['https://registry.example:443', 'https://registry.example'],
  ['http://localhost:80', 'http://localhost'],
  ['https://Registry.EXAMPLE', 'https://registry.example'],
  ['https://Registry.EXAMPLE:5000', 'https://registry.example:5000'],
  ['http://127.1:5000', 'http://127.0.0.1:5000'],
])('our credentials for %s', (origin, written) => {
  it('go along with a Location of its own', async () => {
    const started = answer(202, { location: '/v2/team/image/blobs/uploads/1' });
    const { repository, requests } = repositoryAt(origin);
    const location = await repository.location(started);
    expect(location).toBe(`${written}/v2/team/image/blobs/uploads/1`);
    await repository.send({ method: 'PATCH', to: location });
    expect(requests[0]!.headers).toMatchObject({ authorization: 'Basic secret' });
  });

  it('go along with a redirect of its own', async () => {
    const { repository, requests } = repositoryAt(origin, answer(307, { location: `${written}/elsewhere` }));
    await repository.send({ method: 'GET', to: 'blobs/x' });
    expect(requests[1]).toMatchObject({
      url: `${written}/elsewhere`,
      headers: { authorization: 'Basic secret' },
    });
  });

  it('go nowhere else', async () => {
    const location = `https://storage.example${new URL(written).pathname}`;
    const { repository, requests } = repositoryAt(origin, answer(307, { location }));
    await repository.send({ method: 'GET', to: 'blobs/x' });
    expect(requests.map(({ headers }) => headers?.['authorization'])).toEqual(['Basic secret', undefined]);
  });
});

it.each(['http://registry.example:443/x', 'http://registry.example/x'])(
  'a Location with the scheme behind its proxy: %s',
  async (location) => {
    const { repository } = repositoryAt('https://registry.example:443');
    expect(await repository.location(answer(202, { location }))).toBe('https://registry.example/x');
  },
);

it.each(['http://127.0.0.1:2375/containers', 'https://localhost/x', 'https://169.254.169.254/x'])(
  'a registry elsewhere cannot send us to %s',
  async (location) => {
    const { repository, requests } = repositoryAt('https://registry.example', answer(307, { location }));
    await expect(repository.location(answer(202, { location }))).rejects.toThrowWithCode(
      'ANYARCH_REGISTRY_FAILED',
    );
    await expect(repository.send({ method: 'GET', to: 'blobs/x' })).rejects.toThrowWithCode(
      'ANYARCH_REGISTRY_FAILED',
    );
    expect(requests).toHaveLength(1);
  },
);
