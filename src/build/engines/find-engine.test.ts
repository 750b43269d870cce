import { describe, expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { readBuilder } from './find-docker.ts';
import { findBuildEngine } from './find-engine.ts';

const podmanInfo = JSON.stringify({
  host: { serviceIsRemote: false, security: { rootless: true } },
  version: { Version: '4.3.1' },
});
const server = (components: readonly string[]) =>
  JSON.stringify({ Server: { Version: '20.10.24', Components: components.map((Name) => ({ Name })) } });
const builder =
  'Name:          default\nDriver:        docker\n\nNodes:\nStatus:    running\nPlatforms: linux/amd64*, linux/386\n';

function machine(...present: readonly ('buildx' | 'docker' | 'podman' | 'buildah')[]) {
  const host = fakeHost();
  const has = (name: (typeof present)[number]) => present.includes(name);
  if (has('docker')) {
    host.processes.on(['docker'], { exitCode: 1, stderr: "docker: 'buildx' is not a docker command." });
    host.processes.on(['docker', 'version'], { stdout: server(['Engine']) });
    host.processes.on(['docker', 'info'], { stdout: '["name=seccomp,profile=default"]' });
  }
  if (has('buildx')) {
    host.processes.on(['docker', 'buildx', 'version'], {
      stdout: 'github.com/docker/buildx 0.13.1+ds1-3 0.13.1\n',
    });
    host.processes.on(['docker', 'buildx', 'inspect'], { stdout: builder });
  }
  if (has('podman')) host.processes.on(['podman', 'info'], { stdout: podmanInfo });
  if (has('buildah')) {
    host.processes.on(['buildah', '--version'], { stdout: 'buildah version 1.28.2 (image-spec 1.1.0)\n' });
    host.processes.on(['buildah', 'info'], { stdout: '{"host":{"rootless":false}}' });
  }
  return host;
}

describe('the engine that builds', () => {
  it('is the first that answers, and the others keep their reasons', () => {
    expect(findBuildEngine(machine('docker', 'buildx', 'podman'))).toEqual({
      engine: {
        name: 'docker-buildx',
        version: '0.13.1+ds1-3',
        rootless: false,
        remote: false,
        driver: 'docker',
        platforms: ['linux/amd64', 'linux/386'],
      },
      candidates: [
        { engine: 'docker-buildx', verdict: 'chosen', reason: 'version 0.13.1+ds1-3' },
        { engine: 'podman', verdict: 'not tried', reason: 'docker-buildx comes before it' },
        { engine: 'buildah', verdict: 'not tried', reason: 'docker-buildx comes before it' },
        { engine: 'docker', verdict: 'not tried', reason: 'docker-buildx comes before it' },
      ],
    });
    const found = findBuildEngine(machine('docker', 'podman'));
    expect(found.engine).toEqual({ name: 'podman', version: '4.3.1', rootless: true, remote: false });
    expect(found.candidates[0]).toEqual({
      engine: 'docker-buildx',
      verdict: 'rejected',
      reason: `"docker buildx version" fails: "docker: 'buildx' is not a docker command."`,
    });
    expect(findBuildEngine(machine('buildah')).engine.name).toBe('buildah');
  });

  it('can be wanted', () => {
    expect(findBuildEngine(machine('docker', 'podman'), 'docker').engine.name).toBe('docker');
    expect(() => findBuildEngine(machine('docker'), 'podman')).toThrowWithCode('ANYARCH_ENGINE_NOT_FOUND');
  });

  it('is not podman under the name of docker', () => {
    const host = machine('docker');
    host.processes.on(['docker', 'version'], { stdout: server(['Podman Engine']) });
    expect(() => findBuildEngine(host)).toThrow(/docker: it is podman under the name of docker/);
  });

  it('is missing with a reason for each', () => {
    expect(() => findBuildEngine(machine())).toThrow(
      'no engine here builds images (docker-buildx: docker is not installed; podman: podman is not installed; buildah: buildah is not installed; docker: docker is not installed)',
    );
  });
});

it('reads what buildx prints of its builder', () => {
  expect(readBuilder(builder)).toEqual({
    driver: 'docker',
    status: 'running',
    platforms: ['linux/amd64', 'linux/386'],
  });
  expect(readBuilder('')).toEqual({ driver: undefined, status: undefined, platforms: [] });
});
