import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import { clientWarnings } from './client-warnings.ts';
import type { Daemon } from './daemons.ts';
import { clientEndpoint } from './endpoint.ts';

const own = '/run/user/1000/docker.sock';
const daemon: Daemon = {
  pid: 30,
  stateDirectory: '/tmp/r',
  sockets: ['/run/user/1000/metrics.sock', own],
  searchPath: undefined,
};

describe('clientEndpoint', () => {
  it('takes what docker takes, in its order', () => {
    const rootless = { address: `unix://${own}`, origin: 'the context "rootless"' };
    expect(clientEndpoint(user())).toEqual({ address: 'unix:///var/run/docker.sock', origin: 'its default' });
    const host = user({}, 'rootless');
    expect(clientEndpoint(host)).toEqual(rootless);
    expect(clientEndpoint(user({ DOCKER_CONTEXT: 'default' }, 'rootless'))?.origin).toBe('its default');
    expect(clientEndpoint(user({ DOCKER_CONTEXT: 'rootless' }))).toEqual(rootless);
    const both = { DOCKER_HOST: 'tcp://far:2376', DOCKER_CONTEXT: 'rootless' };
    expect(clientEndpoint(user(both))).toEqual({ address: 'tcp://far:2376', origin: 'DOCKER_HOST' });
    expect(clientEndpoint(user({ DOCKER_CONTEXT: 'gone' }))).toBeUndefined();
  });
});

describe('clientWarnings', () => {
  it('has nothing to say when the client talks to the daemon that is seen to', () => {
    expect(clientWarnings(user({}, 'rootless'), [daemon])).toEqual([]);
  });

  it.each([
    [{}, "root's daemon"],
    [{ DOCKER_HOST: 'ssh://far' }, 'over a network'],
    [{ DOCKER_HOST: 'unix:///run/user/1000/podman/podman.sock' }, 'anyarch rootless enable podman'],
    [{ DOCKER_HOST: 'unix:///run/user/1000/other.sock' }, 'no rootless docker of this user answers'],
  ])('says whose the other one is: %j', (environment, words) => {
    const host = user(environment);
    host.files.addFile('/var/run/docker.sock', '', { uid: 0 });
    const [warning] = clientWarnings(host, [daemon]);
    expect(warning).toContain(words);
    expect(warning).toContain(`export DOCKER_HOST=unix://${own}`);
  });

  it("tells of root's daemon also where none of this user runs", () => {
    const host = user();
    expect(clientWarnings(host, [])).toEqual([]);
    host.files.addFile('/var/run/docker.sock', '', { uid: 0 });
    expect(clientWarnings(host, [])).toEqual([expect.stringContaining('sudo anyarch register')]);
  });
});

function user(environment: Readonly<Record<string, string>> = {}, current?: string): FakeHost {
  const host = fakeHost({ system: { uid: 1000, environment: { HOME: '/home/me', ...environment } } });
  host.files.addFile('/home/me/.docker/config.json', JSON.stringify({ currentContext: current }));
  host.files.addFile('/home/me/.docker/contexts/meta/1/meta.json', 'not JSON');
  host.files.addFile(
    '/home/me/.docker/contexts/meta/2/meta.json',
    JSON.stringify({ Name: 'rootless', Endpoints: { docker: { Host: `unix://${own}` } } }),
  );
  return host;
}
