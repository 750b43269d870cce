import { describe, expect, it } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { askEngine } from './find-in-engine.ts';
import { limitsFrom } from '../image-store/index.ts';
import type { SourceOptions } from './found-image.ts';

const id = 'ab'.repeat(32);
const options: SourceOptions = {
  wanted: { named: undefined, own: { os: 'linux', architecture: 'amd64' } },
  workDirectory: '/nowhere',
  limits: limitsFrom({}),
  connection: {},
};
const podman = { kind: 'containers-storage', engineName: 'x' } as const;
const docker = { kind: 'docker-daemon', engineName: 'x' } as const;

function ask(name: typeof podman | typeof docker, result?: object) {
  const host = fakeHost();
  const program = name.kind === 'docker-daemon' ? 'docker' : 'podman';
  if (result !== undefined) host.processes.on([program, 'image', 'inspect', '--', 'x'], result);
  return askEngine(host, name, options);
}

const said = (fields: object) => ({ stdout: JSON.stringify([{ Id: id, Os: 'linux', ...fields }]) });

describe('askEngine', () => {
  it('names the image by what it is now', () => {
    expect(ask(podman, said({ Architecture: 'arm', Variant: 'v7' }))).toMatchObject({
      reference: `containers-storage:x@sha256:${id}`,
      platform: { os: 'linux', architecture: 'arm', variant: 'v7' },
    });
    expect(ask(docker, said({ Id: `sha256:${id}`, Architecture: 'amd64', Variant: '' }))).toMatchObject({
      reference: `docker-daemon:x@sha256:${id}`,
      platform: { os: 'linux', architecture: 'amd64' },
    });
  });

  it.each([
    ['podman is not installed', undefined],
    ['no such thing', { exitCode: 125, stderr: 'warning\nError: no such thing\n' }],
    ['it does not answer', { exitCode: undefined, timedOut: true }],
  ])('says that %s', (what, result) => {
    expect(() => ask(podman, result)).toThrowWithCode('ANYARCH_IMAGE_NOT_FOUND');
    expect(() => ask(podman, result)).toThrow(what);
  });

  it.each(['', '[]', '{}', '[{"Id":1}]'])('refuses the answer %s', (stdout) => {
    expect(() => ask(podman, { stdout })).toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });
});
