import { describe, expect, test } from 'vitest';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import { dockerPath, healthyDocker, installDocker } from '../../testing/engines.ts';
import { examinationOf } from '../../testing/examination.ts';
import { engineEnvironment } from './ask-engine.ts';
import { engineProbe } from './engine-probe.ts';
import { engines } from './engines.ts';

const podmanPath = '/usr/bin/podman';
const podmanInfo = JSON.stringify({
  host: { arch: 'arm64', kernel: '6.18.0', security: { rootless: true } },
  store: {},
  version: { Version: '4.3.1' },
});
const podmanDocker = '#!/bin/sh\necho "Emulate Docker CLI using podman." >&2\nexec /usr/bin/podman "$@"\n';

function withPodman(host: FakeHost = fakeHost()): FakeHost {
  host.addProgram(podmanPath);
  host.processes.on([podmanPath, 'info'], { stdout: podmanInfo });
  return host;
}

test('knows the script of podman-docker for podman, and asks it only where docker is named', () => {
  const host = withPodman();
  host.files.addFile(dockerPath, podmanDocker, { mode: 0o755 });
  expect(engines(examinationOf(host, { scope: 'docker' }))).toMatchObject([
    { state: 'answers', name: 'podman', path: podmanPath, architecture: 'aarch64', rootless: true },
  ]);
  const asked = host.processes.runs.length;
  expect(engines(examinationOf(host)).map(({ name, state }) => [name, state])).toEqual([
    ['docker', 'absent'],
    ['podman', 'unasked'],
    ['buildah', 'absent'],
    ['apptainer', 'absent'],
  ]);
  expect(host.processes.runs).toHaveLength(asked);
});

test("knows podman's document from docker's", () => {
  const host = fakeHost();
  installDocker(host, { stdout: podmanInfo, exitCode: 0 });
  expect(engines(examinationOf(host, { scope: 'docker' }))).toMatchObject([
    { state: 'answers', name: 'podman', version: '4.3.1' },
  ]);
});

test.each([
  ['app', undefined, 'unasked'],
  ['app', '/home/user/.local/share/containers/storage', 'answers'],
  ['docker-daemon:app', '/home/user/.local/share/containers/storage', 'unasked'],
  ['containers-storage:app', undefined, 'answers'],
])('asks podman for the image %s with the storage %s: %s', (image, storage, state) => {
  const host = withPodman(
    fakeHost({ system: { uid: 1000, environment: { PATH: '/usr/bin', HOME: '/home/user' } } }),
  );
  if (storage !== undefined) host.files.addDirectory(storage);
  expect(engines(examinationOf(host, { image }))).toContainEqual(
    expect.objectContaining({ name: 'podman', state }),
  );
});

const s390xAsked = {
  scope: 'docker',
  message: {
    text: '',
    symptoms: ['exec-format-error'],
    tool: 'docker',
    program: undefined,
    architectures: ['s390x'],
    lines: [],
  },
} as const;

/** @returns what was tried in containers, and the machine that it was tried on */
async function probeWith(
  run: (path: string) => { exitCode?: number | undefined; timedOut?: boolean; stderr?: string },
  info: object = healthyDocker,
): Promise<{ host: FakeHost; probe: Awaited<ReturnType<typeof engineProbe>> }> {
  const host = fakeHost({
    system: { environment: { PATH: '/usr/bin', DOCKER_DEFAULT_PLATFORM: 'linux/arm64' } },
  });
  installDocker(host, info);
  host.processes.on([dockerPath, 'import'], { stdout: 'sha256:2\n' });
  host.processes.on([dockerPath, 'image', 'rm'], {});
  host.processes.on([dockerPath, 'rm'], {});
  host.processes.on([dockerPath, 'run'], (command) => run(command.at(-1) ?? ''));
  return { host, probe: await engineProbe(examinationOf(host, s390xAsked)) };
}

test('removes a container that does not end by its name, before its image', async () => {
  const { host, probe } = await probeWith((path) =>
    path.endsWith('s390x') ? { exitCode: undefined, timedOut: true } : { exitCode: 42 },
  );
  expect(probe?.foreign.get('s390x')?.kind).toBe('unknown');
  const commands = host.processes.runs.map(({ command }) => command.slice(1));
  const started = commands.filter(([word]) => word === 'run').at(-1) ?? [];
  const name = started[started.indexOf('--name') + 1];
  expect(commands.slice(-2)).toEqual([
    ['rm', '--force', '--volumes', name],
    ['image', 'rm', '--force', expect.any(String)],
  ]);
  expect(started).toContain(commands.at(-1)?.at(-1));
});

test('asks for no platform, whatever this user wants by default', async () => {
  const { host } = await probeWith(() => ({ exitCode: 42 }));
  for (const { options } of host.processes.runs)
    expect(options.environment).toMatchObject({ DOCKER_DEFAULT_PLATFORM: undefined });
});

describe('has no bus started for who has none', () => {
  const runtime = { PATH: '/usr/bin', XDG_RUNTIME_DIR: '/tmp/own' };
  test.each([
    [
      'nothing',
      runtime,
      undefined,
      { DBUS_SESSION_BUS_ADDRESS: expect.stringMatching(/^unix:path=\/dev\/null\//) as string },
    ],
    ['an address', { ...runtime, DBUS_SESSION_BUS_ADDRESS: 'unix:path=/x' }, undefined, {}],
    ['a socket in the runtime directory', runtime, '/tmp/own/bus', {}],
    ["a socket in systemd's runtime directory", { PATH: '/usr/bin' }, '/run/user/1000/bus', {}],
  ] as const)('who has %s', (_what, environment, socket, expected) => {
    const host = fakeHost({ system: { uid: 1000, environment } });
    if (socket !== undefined) host.files.addFile(socket, '');
    const { LC_ALL, DOCKER_DEFAULT_PLATFORM: platform, ...more } = engineEnvironment(host);
    expect([LC_ALL, platform]).toEqual(['C', undefined]);
    expect(more).toEqual(expected);
  });
});

test.each(["See 'docker run --help'.", "Run 'docker run --help' for more information"])(
  'takes what an engine says for the evidence, and not: %s',
  async (hint) => {
    const { probe } = await probeWith((path) =>
      path.endsWith('s390x')
        ? { exitCode: 126, stderr: `docker: exec format error\n\n${hint}\n` }
        : { exitCode: 42 },
    );
    expect(probe?.foreign.get('s390x')).toEqual({ kind: 'refused', said: '"docker: exec format error"' });
  },
);

test("tries the daemon's own architecture first, not the client's", async () => {
  const far = { ...healthyDocker, Architecture: 'aarch64', KernelVersion: '6.1.0' };
  const { host, probe } = await probeWith(
    (path) => (path === '/probe-aarch64' ? { exitCode: 42 } : { exitCode: 1, stderr: 'exec format error' }),
    far,
  );
  expect(probe?.native).toEqual({ kind: 'runs' });
  expect(host.processes.runs.filter(({ command }) => command.at(-1) === '/probe-x86_64')).toEqual([]);
});
