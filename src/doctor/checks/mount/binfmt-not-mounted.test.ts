import { expect, test } from 'vitest';
import { fakeHost } from '../../../host/testing/fake-host.ts';
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
