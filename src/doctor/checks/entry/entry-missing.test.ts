import { beforeEach, expect, test } from 'vitest';
import { buildProbe } from '../../../core/probe/probe.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/fake-host.ts';
import type { Examination } from '../../examination.ts';
import { readMessage } from '../../message/read-message.ts';
import { addImage, dockerPath, healthyDocker, installDocker } from '../../testing/engines.ts';
import { examinationOf } from '../../testing/examination.ts';
import type { Verdict } from '../../verdict.ts';
import { entryMissing } from './entry-missing.ts';

let host: FakeHost;

beforeEach(() => {
  host = fakeHost();
  installDocker(host);
});

async function judge(asked: Partial<Examination>): Promise<Verdict> {
  return await entryMissing.examine(examinationOf(host, asked));
}

const execFormatError = readMessage('exec /bin/ls: exec format error');

test('an image for this machine needs no entry, and one for another does', async () => {
  addImage(host, 'app', 'linux/amd64', buildProbe('x86_64'));
  expect(await judge({ scope: 'docker', image: 'app' })).toMatchObject({ status: 'skipped' });
  addImage(host, 'app', 'linux/s390x', buildProbe('s390x'));
  expect(await judge({ scope: 'docker', image: 'app' })).toMatchObject({
    severity: 'error',
    architectures: ['s390x'],
  });
});

test.each([
  [{ exitCode: 0 }, { status: 'skipped' }],
  [{ exitCode: 1, stderr: 'runc: no such cgroup' }, { status: 'skipped' }],
  [{ exitCode: 42 }, { status: 'fault', severity: 'error', certainty: 'likely' }],
])('where an engine starts a native program so: %o', async (started, verdict) => {
  host.processes.on([dockerPath, 'import'], { stdout: 'sha256:2\n' });
  host.processes.on([dockerPath, 'run'], started);
  expect(await judge({ scope: 'docker', message: execFormatError })).toMatchObject(verdict);
});

test('the table here says nothing about containers that run elsewhere', async () => {
  expect(await judge({ message: execFormatError })).toMatchObject({ severity: 'error' });
  host = fakeHost();
  installDocker(host, { ...healthyDocker, OperatingSystem: 'Docker Desktop' });
  expect(await judge({ message: execFormatError })).toMatchObject({ status: 'skipped' });
  expect(await judge({ message: readMessage('bash: ./x: cannot execute: Exec format error') })).toMatchObject(
    {
      severity: 'error',
    },
  );
});

test.each([
  ['hello world', 'note'],
  ['curl: (6) Could not resolve host', 'note'],
  ["qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory", 'note'],
  ['bash: ./x: cannot execute binary file: Exec format error', 'error'],
  ['', 'error'],
])('is no cause of what else is printed: %j', async (text, severity) => {
  expect(await judge({ message: readMessage(text) })).toMatchObject({ status: 'fault', severity });
});
