import { expect, test } from 'vitest';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import type { Examination } from '../../examination.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import { emulationUnsupported } from './emulation-unsupported.ts';
import { emulatorAdvisedAgainst } from './emulator-advised-against.ts';
import { machineWithEmulator } from './testing/machine-with-emulator.ts';

const examine = (host: FakeHost, asked: Partial<Examination> = {}) =>
  emulatorAdvisedAgainst.examine(examinationOf(host, asked));
const tar = readMessage('tar: etc: Cannot open: Function not implemented');

test('tells nothing of an emulator without known faults', () => {
  expect(examine(machineWithEmulator('11.1.3'))).toMatchObject({ status: 'ok' });
  expect(examine(machineWithEmulator('11.1.3'), { message: tar, strict: true })).toMatchObject({
    status: 'ok',
  });
});

test('tells a fault as a note where nothing was asked, and as the cause where the message fits', () => {
  const host = machineWithEmulator('7.2.22');
  expect(examine(host)).toMatchObject({ status: 'fault', severity: 'note', certainty: 'possible' });
  expect(examine(host, { message: tar })).toMatchObject({
    status: 'fault',
    severity: 'error',
    certainty: 'likely',
    summary: expect.stringContaining('openat2') as string,
  });
  const other = readMessage('exec format error');
  expect(examine(host, { message: other })).toMatchObject({
    status: 'fault',
    severity: 'note',
    symptoms: [],
  });
});

test('with --strict, what is only reported is a warning', () => {
  const host = machineWithEmulator('8.2.2');
  const evidence = (strict: boolean) => JSON.stringify(examine(host, { strict }));
  expect(evidence(false)).not.toContain('internal-sigsegv-8-2');
  expect(evidence(true)).toContain('internal-sigsegv-8-2');
  expect(examine(host, { strict: true })).toMatchObject({ severity: 'warning' });
});

test('what was printed makes what is only reported a possible cause', () => {
  const message = readMessage('qemu-aarch64: QEMU internal SIGSEGV {code=MAPERR, addr=0x20}');
  expect(examine(machineWithEmulator('8.2.2'), { message })).toMatchObject({
    severity: 'warning',
    certainty: 'possible',
    summary: expect.stringContaining('the emulator itself crashes') as string,
  });
});

test('a guest that it is wrong for makes it a warning', () => {
  const host = machineWithEmulator('7.2.22');
  host.files.addFile('/srv/guest/usr/local/go/VERSION', 'go1.23.1\n');
  expect(examine(host, { root: '/srv/guest' })).toMatchObject({
    severity: 'warning',
    certainty: 'likely',
    summary: expect.stringContaining('Go 1.23') as string,
  });
  host.files.addFile('/srv/guest/usr/local/go/VERSION', 'go1.22.1\n');
  expect(examine(host, { root: '/srv/guest' })).toMatchObject({ severity: 'note' });
});

test('is not about machines without an entry', () => {
  expect(examine(fakeHost(), { message: tar })).toMatchObject({ status: 'skipped' });
});

test('leaves what no version emulates to a check of its own, which only a message brings up', () => {
  const message = readMessage('strace: ptrace(PTRACE_TRACEME, ...): Function not implemented');
  expect(
    emulationUnsupported.examine(examinationOf(machineWithEmulator('11.1.3'), { message })),
  ).toMatchObject({
    severity: 'error',
    remedies: [{ does: expect.stringContaining('anyarch debug') as string }, {}, {}],
  });
  expect(emulationUnsupported.examine(examinationOf(machineWithEmulator('11.1.3')))).toMatchObject({
    status: 'ok',
  });
});
