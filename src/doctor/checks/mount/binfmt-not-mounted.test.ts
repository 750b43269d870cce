import { expect, test } from 'vitest';
import { buildProbe } from '../../../core/probe/probe.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/fake-host.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import { binfmtNotMounted } from './binfmt-not-mounted.ts';

test('tells a table that is not mounted from one that is, and blames it only where something is wanted', () => {
  const unmounted = fakeHost({ binfmt: { state: 'unmounted' } });
  expect(binfmtNotMounted.examine(examinationOf(unmounted))).toMatchObject({
    status: 'fault',
    severity: 'note',
  });
  const message = readMessage('exec format error');
  expect(binfmtNotMounted.examine(examinationOf(unmounted, { message }))).toMatchObject({
    severity: 'error',
    remedies: [{ command: ['mount', '-t', 'binfmt_misc', 'binfmt_misc', '/proc/sys/fs/binfmt_misc'] }],
  });
  expect(binfmtNotMounted.examine(examinationOf(fakeHost()))).toMatchObject({ status: 'ok' });
});

test('registers what is wanted, which mounts it', () => {
  const message = { ...readMessage('exec format error'), architectures: ['aarch64'] };
  const host = fakeHost({ binfmt: { state: 'unmounted' } });
  expect(binfmtNotMounted.examine(examinationOf(host, { message }))).toMatchObject({
    remedies: [
      { command: ['anyarch', 'register', 'arm64'], by: 'anyarch' },
      { command: expect.arrayContaining(['mount']) as unknown },
    ],
  });
});

test('leaves a kernel without binfmt_misc to its own check', () => {
  const host = fakeHost({ binfmt: { state: 'unsupported' } });
  expect(binfmtNotMounted.examine(examinationOf(host))).toMatchObject({ status: 'skipped' });
});

/** In a user namespace of its own. */
function inNamespace(): FakeHost {
  const host = fakeHost({ binfmt: { state: 'unmounted' } });
  host.files.remove('/proc/self/ns/user');
  host.files.addLink('/proc/self/ns/user', 'user:[4026532999]');
  return host;
}

function commandsOf(host: FakeHost, asked: Parameters<typeof examinationOf>[1] = {}): unknown {
  const verdict = binfmtNotMounted.examine(examinationOf(host, asked));
  if (!('status' in verdict) || verdict.status !== 'fault') throw new Error('no fault');
  return verdict.remedies.map(({ command, does }) => command ?? does);
}

test('never mounts where a mount would make another table, which hides the one in force', () => {
  expect(commandsOf(inNamespace())).toEqual([expect.stringMatching(/^on the host: /)]);
  const container = fakeHost({ binfmt: { state: 'unmounted' } });
  container.files.addFile('/.dockerenv', '');
  expect(commandsOf(container, { message: readMessage('exec format error') })).toEqual([
    expect.stringMatching(/^on the host: /),
  ]);
});

test('registers in a user namespace only where nothing is in force that its table would hide', () => {
  const message = { ...readMessage('exec format error'), architectures: ['aarch64'] };
  const empty = inNamespace();
  expect(commandsOf(empty, { message })).toEqual([
    ['anyarch', 'register', 'arm64'],
    expect.stringMatching(/^on the host: anyarch register arm64/),
  ]);
});

test.each([
  'hello world',
  'curl: (6) Could not resolve host',
  'make: *** Error 1',
  'No space left on device',
  'qemu: uncaught target signal 11 (Segmentation fault) - core dumped',
])('%s is not for want of a table', (text) => {
  const host = fakeHost({ binfmt: { state: 'unmounted' } });
  const message = readMessage(text);
  expect(binfmtNotMounted.examine(examinationOf(host, { message }))).toMatchObject({ severity: 'note' });
});

test('a file that is for another machine wants one, and no other file', () => {
  const host = fakeHost({ binfmt: { state: 'unmounted' } });
  host.files.addFile('/x', buildProbe('s390x'), { mode: 0o755 });
  host.files.addFile('/t.sh', '#!/bin/sh', { mode: 0o755 });
  const severityOf = (file: string) => binfmtNotMounted.examine(examinationOf(host, { file }));
  expect(severityOf('/x')).toMatchObject({ severity: 'error' });
  expect(severityOf('/t.sh')).toMatchObject({ severity: 'note' });
  expect(severityOf('/nothing')).toMatchObject({ severity: 'note' });
});
