import { describe, expect, test } from 'vitest';
import type { FakeHost } from '../../../host/testing/index.ts';
import { fakeHost } from '../../../host/testing/fake-host.ts';
import type { Check } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import type { Verdict } from '../../verdict.ts';
import type { AnsweringEngine } from '../../facts/engines/found-engine.ts';
import { readMessage } from '../../message/read-message.ts';
import { dockerPath, healthyDocker, installDocker } from '../../testing/engines.ts';
import { examinationOf } from '../../testing/examination.ts';
import { builderLacksPlatform } from './builder-lacks-platform.ts';
import { builderOwnEmulators } from './builder-own-emulators.ts';
import { engineElsewhere } from './engine-elsewhere.ts';
import { engineFails } from './engine-fails.ts';
import { engineHangs } from './engine-hangs.ts';
import { engineChecks } from './index.ts';
import { engineMissing } from './engine-missing.ts';
import { engineNotRunning } from './engine-not-running.ts';
import { engineRunsNoForeign } from './engine-runs-no-foreign.ts';
import { engineRuntimeMissing } from './engine-runtime-missing.ts';
import { engineSocketRefused } from './engine-socket-refused.ts';
import { engineStartsNothing } from './engine-starts-nothing.ts';
import { engineStorageNoexec } from './engine-storage-noexec.ts';
import { registerThere } from './register-there.ts';

/** The verdict on a machine with docker, asked about. */
async function onDocker(
  check: Check,
  info: Parameters<typeof installDocker>[1] = healthyDocker,
  prepare: (host: FakeHost) => void = () => undefined,
  asked: Partial<Examination> = { scope: 'docker' },
): Promise<Verdict> {
  const host = fakeHost();
  installDocker(host, info);
  prepare(host);
  return await check.examine(examinationOf(host, asked));
}

test('names an engine that is not there, and nothing where none was named', () => {
  const host = fakeHost();
  expect(engineMissing.examine(examinationOf(host, { scope: 'podman' }))).toMatchObject({
    status: 'fault',
    summary: 'there is no podman in PATH',
  });
  expect(engineMissing.examine(examinationOf(host))).toMatchObject({ status: 'skipped' });
});

describe('silence', () => {
  const cases = [
    [engineHangs, { timedOut: true, exitCode: undefined }],
    [
      engineSocketRefused,
      {
        exitCode: 1,
        stderr:
          'Got permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock: dial unix: connect: permission denied',
      },
    ],
    [
      engineNotRunning,
      {
        exitCode: 1,
        stderr: 'Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?',
      },
    ],
    [
      engineRuntimeMissing,
      { exitCode: 125, stderr: 'Error: default OCI runtime "crun" not found: invalid argument' },
    ],
    [engineFails, { exitCode: 125, stderr: 'Error: storage is broken' }],
  ] as const;

  test.each(cases)('is told by the check it belongs to and no other', async (check, result) => {
    for (const [other] of cases)
      expect(await onDocker(other, result)).toMatchObject({
        status: other === check ? 'fault' : 'ok',
        ...(other === check ? { severity: 'error' } : {}),
      });
  });

  test('of a client of 20.10, which ends with 0, is told by its own words', async () => {
    const info = { ServerErrors: ['Cannot connect to the Docker daemon at tcp://x. Is it running?'] };
    expect(await onDocker(engineNotRunning, info)).toMatchObject({ status: 'fault' });
  });

  test('of an engine that nobody has asked for is worth no more than a note', async () => {
    const stopped = { exitCode: 1, stderr: 'Cannot connect to the Docker daemon' };
    expect(await onDocker(engineNotRunning, stopped, undefined, {})).toMatchObject({ severity: 'note' });
  });

  test('of docker under the scope of a node is nobody’s matter', async () => {
    const stopped = { exitCode: 1, stderr: 'Cannot connect to the Docker daemon' };
    expect(await onDocker(engineNotRunning, stopped, undefined, { scope: 'vm' })).toMatchObject({
      status: 'skipped',
    });
  });
});

/** @param run what comes of a container with the probe of that path */
function scriptContainers(
  run: (path: string) => { exitCode: number; stderr?: string },
): (host: FakeHost) => void {
  return ({ processes }) => {
    processes.on([dockerPath, 'import'], { stdout: 'sha256:2\n' });
    processes.on([dockerPath, 'image', 'rm'], {});
    processes.on([dockerPath, 'run'], (command) => run(command.at(-1) ?? ''));
  };
}

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
} as const satisfies Partial<Examination>;
const mipsAsked = {
  ...s390xAsked,
  message: { ...s390xAsked.message, architectures: ['mips', 'sparc64'] },
} as const;
const onlyNative = (path: string) =>
  path === '/probe-x86_64' ? { exitCode: 42 } : { exitCode: 1, stderr: `exec ${path}: exec format error` };

test('asks an engine elsewhere by a probe in a container there', async () => {
  const far = { ...healthyDocker, OperatingSystem: 'Docker Desktop' };
  const refused = await onDocker(engineElsewhere, far, scriptContainers(onlyNative), s390xAsked);
  expect(refused).toMatchObject({ status: 'fault', certainty: 'proven', architectures: ['s390x'] });
  const handled = scriptContainers(() => ({ exitCode: 42 }));
  expect(await onDocker(engineElsewhere, far, handled, s390xAsked)).toMatchObject({ status: 'ok' });
  expect(await onDocker(engineElsewhere, healthyDocker, handled, s390xAsked)).toMatchObject({
    status: 'skipped',
  });
});

describe('an engine elsewhere, and a message that nothing was tried for', () => {
  const far = { ...healthyDocker, OperatingSystem: 'Docker Desktop' };
  const unscoped = (text: string): Partial<Examination> => ({ message: readMessage(text) });

  test('is the likely place of what a runtime has printed', async () => {
    const verdict = await onDocker(
      engineElsewhere,
      far,
      undefined,
      unscoped('exec /bin/ls: exec format error'),
    );
    expect(verdict).toMatchObject({ status: 'fault', certainty: 'likely' });
  });

  test.each(['bash: ./x: cannot execute binary file: Exec format error', 'exec /bin/ls: permission denied'])(
    'is none of: %s',
    async (text) => {
      expect(await onDocker(engineElsewhere, far, undefined, unscoped(text))).toMatchObject({ status: 'ok' });
    },
  );
});

test('registers elsewhere by an image that is brought there, or not by a container without root', () => {
  const engine = { name: 'docker', rootless: false } as AnsweringEngine;
  const [first] = registerThere(engine, ['s390x']);
  expect(first.command?.at(-1)).toMatch(
    /anyarch image build .* -a s390x; docker load .*; docker run --rm --privileged anyarch register s390x$/,
  );
  expect(
    registerThere({ ...engine, rootless: true }, ['s390x']).flatMap(({ command = [] }) => command),
  ).toEqual([]);
  // Nothing that has to be filled in is a command.
  expect(registerThere(engine, []).flatMap(({ command = [] }) => command)).toEqual([]);
});

test('leaves what runs nowhere to the checks of the table', async () => {
  expect(
    await onDocker(engineRunsNoForeign, undefined, scriptContainers(onlyNative), s390xAsked),
  ).toMatchObject({
    status: 'skipped',
    reason: 'it does not run outside of containers either',
  });
});

test('tells an engine that starts nothing, and one that says so with 0', async () => {
  const none = scriptContainers(() => ({ exitCode: 126, stderr: 'exec /probe-x86_64: permission denied' }));
  expect(await onDocker(engineStartsNothing, undefined, none)).toMatchObject({
    status: 'fault',
    evidence: [expect.stringContaining('permission denied')],
  });
  const silent = scriptContainers(() => ({ exitCode: 0 }));
  expect(await onDocker(engineStartsNothing, undefined, silent)).toMatchObject({ status: 'fault' });
  const all = scriptContainers(() => ({ exitCode: 42 }));
  expect(await onDocker(engineStartsNothing, undefined, all)).toMatchObject({ status: 'ok' });
});

test('takes the image of the probes away again', async () => {
  const host = fakeHost();
  installDocker(host);
  scriptContainers(() => ({ exitCode: 42 }))(host);
  await engineStartsNothing.examine(examinationOf(host, { scope: 'docker' }));
  const [imported, removed] = ['import', 'image'].map((word) =>
    host.processes.runs.find(({ command }) => command[1] === word)?.command.at(-1),
  );
  expect(imported).toBeDefined();
  expect(removed).toBe(imported);
});

test('minds noexec below the storage, for overlays less than for vfs', async () => {
  const mounted = (options: string) => (host: FakeHost) => {
    host.files.addFile(
      '/proc/self/mountinfo',
      `1 0 8:1 / / rw - ext4 /dev/a rw\n2 1 8:2 / /var ${options} - ext4 /dev/b rw\n`,
    );
  };
  const vfs = { ...healthyDocker, Driver: 'vfs' };
  const asked = {};
  expect(await onDocker(engineStorageNoexec, vfs, mounted('rw,noexec'), asked)).toMatchObject({
    severity: 'error',
    remedies: [{ command: ['mount', '-o', 'remount,exec', '/var'] }, {}],
  });
  expect(await onDocker(engineStorageNoexec, undefined, mounted('rw,noexec'), asked)).toMatchObject({
    severity: 'note',
  });
  expect(await onDocker(engineStorageNoexec, vfs, mounted('rw'), asked)).toMatchObject({ status: 'ok' });
});

describe('builders', () => {
  const inspected = (text: string) => (host: FakeHost) => {
    host.processes.on([dockerPath, 'buildx', 'inspect'], { stdout: text });
  };
  const container =
    'Name:          multi\nDriver:        docker-container\nLast Activity: now\n\nNodes:\nName:      multi0\nEndpoint:  unix:///x\nStatus:    running\nPlatforms: linux/amd64*, linux/386, linux/arm64\n';

  test('are told which platforms they lack, and how they are started again', async () => {
    expect(await onDocker(builderLacksPlatform, undefined, inspected(container), s390xAsked)).toMatchObject({
      status: 'fault',
      architectures: ['s390x'],
      remedies: [{ command: ['docker', 'restart', 'buildx_buildkit_multi0'] }],
    });
    expect(await onDocker(builderLacksPlatform, undefined, inspected(container), mipsAsked)).toMatchObject({
      status: 'ok',
    });
    const whole = inspected(container.replace('linux/386', 'linux/s390x'));
    expect(await onDocker(builderLacksPlatform, undefined, whole, s390xAsked)).toMatchObject({
      status: 'ok',
    });
  });

  test('have emulators of their own in containers, not in the daemon', async () => {
    expect(await onDocker(builderOwnEmulators, undefined, inspected(container))).toMatchObject({
      severity: 'note',
    });
    const embedded = inspected(container.replace('docker-container', 'docker'));
    expect(await onDocker(builderOwnEmulators, undefined, embedded)).toMatchObject({ status: 'ok' });
  });

  test('are nothing where docker has no buildx', async () => {
    expect(await onDocker(builderLacksPlatform)).toMatchObject({ status: 'skipped' });
  });
});

test('finds no error and no warning on a machine where all is well', async () => {
  const host = fakeHost();
  installDocker(host);
  for (const check of engineChecks) {
    const verdict = await check.examine(examinationOf(host));
    expect([check.id, verdict.status === 'fault' ? verdict.severity : 'note']).toEqual([check.id, 'note']);
  }
});

test('neither makes a storage nor starts a container where nothing was asked', async () => {
  const host = fakeHost();
  installDocker(host);
  host.addProgram('/usr/bin/podman');
  for (const check of engineChecks) await check.examine(examinationOf(host));
  const words = host.processes.runs.map(({ command }) => command[1]);
  expect(words).not.toContain('run');
  expect(host.processes.runs.filter(({ command }) => command[0] === '/usr/bin/podman')).toEqual([]);
});
