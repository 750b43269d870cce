import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { fakeHost, type FakeHost } from '../../../host/testing/fake-host.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import { binfmtModuleNotLoaded } from './binfmt-module-not-loaded.ts';
import { binfmtUnsupported } from './binfmt-unsupported.ts';
import { kernelWithoutOwnTables } from './kernel-without-own-tables.ts';

const message = readMessage('bash: ./x: cannot execute binary file: Exec format error');

function unsupported(): FakeHost {
  return fakeHost({ binfmt: { state: 'unsupported' } });
}

test('a kernel with binfmt_misc is one', () => {
  const examination = examinationOf(fakeHost(), { message });
  expect(binfmtUnsupported.examine(examination)).toMatchObject({ status: 'ok' });
  expect(binfmtModuleNotLoaded.examine(examination)).toMatchObject({ status: 'ok' });
});

test('a kernel without it, and without a module of it, is blamed where something is wanted', () => {
  const host = unsupported();
  host.files.addFile('/proc/config.gz', gzipSync('# CONFIG_BINFMT_MISC is not set\n'));
  expect(binfmtUnsupported.examine(examinationOf(host, { message }))).toMatchObject({
    status: 'fault',
    severity: 'error',
    evidence: [expect.anything(), '/proc/config.gz does not set CONFIG_BINFMT_MISC'],
  });
  expect(binfmtUnsupported.examine(examinationOf(host))).toMatchObject({ severity: 'note' });
  expect(binfmtModuleNotLoaded.examine(examinationOf(host))).toMatchObject({ status: 'skipped' });
});

test('a module that is there is to be loaded', () => {
  const host = unsupported();
  host.files.addFile('/boot/config-6.18.0', 'CONFIG_BINFMT_MISC=m\n');
  host.files.addFile('/lib/modules/6.18.0/modules.dep', 'kernel/fs/binfmt_misc.ko.zst: kernel/a.ko\n');
  const examination = examinationOf(host, { message });
  expect(binfmtModuleNotLoaded.examine(examination)).toMatchObject({
    status: 'fault',
    evidence: [expect.anything(), '/lib/modules/6.18.0/kernel/fs/binfmt_misc.ko.zst'],
    remedies: [{ command: ['modprobe', 'binfmt_misc'] }],
  });
  expect(binfmtUnsupported.examine(examination)).toMatchObject({ status: 'skipped' });
});

test('a module whose file is gone cannot be loaded by a command', () => {
  const host = unsupported();
  host.files.addFile('/boot/config-6.18.0', 'CONFIG_BINFMT_MISC=m\n');
  const verdict = binfmtModuleNotLoaded.examine(examinationOf(host, { message }));
  expect(verdict).toMatchObject({ status: 'fault', remedies: [{ by: 'user' }] });
  expect(verdict).not.toHaveProperty('remedies.0.command');
});

test('a configuration that is damaged tells nothing', () => {
  const host = unsupported();
  host.files.addFile('/proc/config.gz', gzipSync('CONFIG_BINFMT_MISC=m\n').subarray(0, 12));
  expect(binfmtUnsupported.examine(examinationOf(host, { message }))).toMatchObject({ status: 'fault' });
});

test('without /proc nothing is known', () => {
  const host = fakeHost({ binfmt: { state: 'unsupported' } });
  host.files.remove('/proc/filesystems');
  expect(binfmtUnsupported.examine(examinationOf(host))).toMatchObject({ status: 'unknown' });
});

test('tables of users are a matter of the version, and a fault for who wants one', () => {
  const old = fakeHost({ system: { kernelRelease: '6.1.0-40-amd64' } });
  expect(kernelWithoutOwnTables.examine(examinationOf(fakeHost()))).toMatchObject({ status: 'ok' });
  expect(kernelWithoutOwnTables.examine(examinationOf(old))).toMatchObject({ severity: 'note' });
  const wanting = readMessage('private binfmt_misc tables need Linux 6.7 or newer');
  expect(kernelWithoutOwnTables.examine(examinationOf(old, { message: wanting }))).toMatchObject({
    severity: 'error',
    certainty: 'proven',
  });
});
