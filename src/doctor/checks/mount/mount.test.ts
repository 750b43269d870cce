import { expect, test } from 'vitest';
import { fakeHost } from '../../../host/testing/fake-host.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import { autofsNotTriggered } from './autofs-not-triggered.ts';
import { binfmtDisabled } from './binfmt-disabled.ts';
import { binfmtReadOnly } from './binfmt-read-only.ts';
import { ownTableEmpty } from './own-table-empty.ts';

const path = '/proc/sys/fs/binfmt_misc';
const message = readMessage('exec format error');

function mountinfo(options: string, more = ''): string {
  return `1 0 0:1 / / rw - ext4 /dev/vda rw\n${more}40 1 0:40 / ${path} ${options} - binfmt_misc binfmt_misc ${options}\n`;
}

test('an automount point that mounts when it is touched is worth a note, and nothing else', () => {
  const host = fakeHost({ binfmt: { state: 'autofs' } });
  host.processes.on(['ls', path], () => {
    host.binfmt.trigger();
    return {};
  });
  expect(autofsNotTriggered.examine(examinationOf(host))).toMatchObject({
    status: 'fault',
    severity: 'note',
  });
  expect(autofsNotTriggered.examine(examinationOf(fakeHost()))).toMatchObject({ status: 'ok' });
});

test('an automount point that nobody serves is found without being caught in it', () => {
  const host = fakeHost({ binfmt: { state: 'autofs' } });
  host.processes.on(['ls', path], { timedOut: true, exitCode: undefined, signal: 'SIGKILL' });
  const examination = examinationOf(host, { message });
  expect(autofsNotTriggered.examine(examination)).toMatchObject({
    severity: 'error',
    certainty: 'proven',
    summary: `${path} is an automount point that does not mount: nobody answered for 2 s`,
  });
  expect(() => binfmtDisabled.examine(examination)).toThrow('automount point');
});

test('a table that is mounted read-only is in the way of who wants to register', () => {
  const host = fakeHost({ binfmt: { readOnly: true } });
  host.files.addFile('/proc/self/mountinfo', mountinfo('ro,relatime'));
  expect(binfmtReadOnly.examine(examinationOf(host))).toMatchObject({ severity: 'note' });
  const refused = { ...message, symptoms: ['registration-refused'] as const };
  expect(binfmtReadOnly.examine(examinationOf(host, { message: refused }))).toMatchObject({
    severity: 'error',
    certainty: 'proven',
  });
});

test('a table that is mounted writable is not, and without /proc nobody knows', () => {
  const host = fakeHost();
  expect(binfmtReadOnly.examine(examinationOf(host))).toMatchObject({ status: 'unknown' });
  host.files.addFile('/proc/self/mountinfo', mountinfo('rw,relatime'));
  expect(binfmtReadOnly.examine(examinationOf(host))).toMatchObject({ status: 'ok' });
});

test('the switch for all entries', () => {
  const host = fakeHost();
  expect(binfmtDisabled.examine(examinationOf(host, { message }))).toMatchObject({ status: 'ok' });
  host.files.writeOnce(`${path}/status`, new TextEncoder().encode('0'));
  expect(binfmtDisabled.examine(examinationOf(host, { message }))).toMatchObject({
    severity: 'error',
    remedies: [{ command: ['sh', '-c', `echo 1 > ${path}/status`] }],
  });
  // Nothing is registered and nothing wanted.
  expect(binfmtDisabled.examine(examinationOf(host))).toMatchObject({ severity: 'note' });
});

test("an empty table over another one's, in a namespace of its own", () => {
  const host = fakeHost();
  const below = `39 1 0:39 / ${path} rw - binfmt_misc binfmt_misc rw\n`;
  host.files.addFile('/proc/self/mountinfo', mountinfo('rw', below));
  expect(ownTableEmpty.examine(examinationOf(host, { message }))).toMatchObject({ status: 'ok' });
  host.files.remove('/proc/self/ns/user');
  host.files.addLink('/proc/self/ns/user', 'user:[4026532999]');
  expect(ownTableEmpty.examine(examinationOf(host, { message }))).toMatchObject({
    severity: 'error',
    certainty: 'likely',
    evidence: [expect.stringContaining('device 0:39')],
  });
  expect(ownTableEmpty.examine(examinationOf(host))).toMatchObject({ severity: 'note' });
});
