import { expect, test } from 'vitest';
import { buildElf } from '../../../core/testing/elf-image.ts';
import { buildProbe } from '../../../core/probe/probe.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import { aarch64Pattern } from '../../../registration/testing/registration-host.ts';
import { readMessage } from '../../message/read-message.ts';
import { examinationOf } from '../../testing/examination.ts';
import { emulatorFails } from './emulator-fails.ts';
import { interpreterDynamic } from './interpreter-dynamic.ts';
import { interpreterForeign } from './interpreter-foreign.ts';
import { interpreterIsScript } from './interpreter-is-script.ts';
import { interpreterMissing } from './interpreter-missing.ts';
import { interpreterNoexec } from './interpreter-noexec.ts';
import { interpreterNotExecutable } from './interpreter-not-executable.ts';
import { interpreterNotInRoot } from './interpreter-not-in-root.ts';
import { interpreterReplaced } from './interpreter-replaced.ts';
import { nativeEmulated } from './native-emulated.ts';
import { interpreterChecks } from './index.ts';

const emulator = '/usr/bin/qemu-aarch64';
const all = [
  nativeEmulated,
  interpreterMissing,
  interpreterNotExecutable,
  interpreterNoexec,
  interpreterForeign,
  interpreterIsScript,
  interpreterNotInRoot,
  interpreterDynamic,
  interpreterReplaced,
  emulatorFails,
];

/** A machine on which arm64 programs run by an entry of somebody's. */
function machine(flags: string): FakeHost {
  const host = fakeHost();
  host.addProgram(emulator);
  register(host, `:qemu-aarch64:${aarch64Pattern}:${emulator}:${flags}`);
  return host;
}

function register(host: FakeHost, rule: string): void {
  host.binfmt.table().register(new TextEncoder().encode(rule));
}

/** Ids of the checks that find an error or a warning, in their order. */
function found(host: FakeHost, asked: Parameters<typeof examinationOf>[1] = {}): string[] {
  const examination = examinationOf(host, asked);
  return all.flatMap(({ id, examine }) => {
    const verdict = examine(examination);
    if (verdict instanceof Promise) throw new Error(`${id} takes time`);
    return verdict.status === 'fault' && verdict.severity !== 'note' ? [id] : [];
  });
}

test('the list is in the order of causes, and complete', () => {
  expect(interpreterChecks).toEqual(all);
});

test.each(['', 'F', 'OCF', 'P', 'O'])('a working entry with flags "%s" is no fault', (flags) => {
  expect(found(machine(flags))).toEqual([]);
});

test('nothing is registered, nothing is mounted: nothing to say', () => {
  expect(found(fakeHost())).toEqual([]);
  expect(found(fakeHost({ binfmt: { state: 'unmounted' } }))).toEqual([]);
});

test('an interpreter that is gone, with and without F', () => {
  const host = machine('');
  host.files.remove(emulator);
  expect(found(host)).toEqual(['interpreter-missing']);
  expect(interpreterMissing.examine(examinationOf(host))).toMatchObject({
    certainty: 'proven',
    remedies: [{ command: ['anyarch', 'register', 'arm64'], by: 'anyarch' }],
    architectures: ['aarch64'],
  });
  const pinned = machine('F');
  pinned.files.remove(emulator);
  expect(found(pinned)).toEqual([]);
});

test('only what was asked about is looked at', () => {
  const host = machine('');
  host.files.remove(emulator);
  host.files.addFile('/s390x', buildProbe('s390x'), { mode: 0o755 });
  expect(found(host, { file: '/s390x' })).toEqual([]);
  host.files.addFile('/arm64', buildProbe('aarch64'), { mode: 0o755 });
  expect(found(host, { file: '/arm64' })).toEqual(['interpreter-missing']);
});

test('an interpreter that may not be executed', () => {
  const host = machine('');
  host.files.addFile(emulator, 'x', { mode: 0o644 });
  expect(found(host)).toEqual(['interpreter-not-executable']);
  expect(interpreterNotExecutable.examine(examinationOf(host))).toMatchObject({
    certainty: 'proven',
    remedies: [{ command: ['chmod', '755', emulator], by: 'user' }, { by: 'anyarch' }],
  });
});

test('an interpreter on a noexec mount', () => {
  const host = fakeHost();
  host.files.addDirectory('/opt');
  host.files.mount('/opt', { type: 0xef53, noExecute: true });
  host.addProgram('/opt/qemu-aarch64');
  host.files.addFile('/proc/self/mountinfo', '30 1 0:30 / /opt rw,noexec - tmpfs tmpfs rw\n');
  register(host, `:qemu-aarch64:${aarch64Pattern}:/opt/qemu-aarch64:`);
  expect(found(host)).toEqual(['interpreter-noexec']);
  expect(interpreterNoexec.examine(examinationOf(host))).toMatchObject({
    remedies: [{ by: 'anyarch' }, { command: ['mount', '-o', 'remount,exec', '/opt'] }],
  });
});

test.each(['', 'OC'])('an interpreter for another machine, flags "%s"', (flags) => {
  const host = fakeHost();
  host.files.addFile(emulator, buildProbe('aarch64'), { mode: 0o755 });
  register(host, `:qemu-aarch64:${aarch64Pattern}:${emulator}:${flags}`);
  expect(found(host)).toEqual(['interpreter-foreign']);
});

test('a wrapper script: wrong with O, and otherwise where it works', () => {
  const host = fakeHost();
  host.addProgram('/bin/sh');
  host.files.addFile('/opt/qemu', '#!/bin/sh\nexec qemu-aarch64 "$@"\n', { mode: 0o755 });
  register(host, `:qemu-aarch64:${aarch64Pattern}:/opt/qemu:O`);
  expect(found(host)).toEqual(['interpreter-is-script']);
  host.binfmt.table().control('qemu-aarch64', '-1');
  register(host, `:qemu-aarch64:${aarch64Pattern}:/opt/qemu:`);
  expect(found(host)).toEqual([]);
});

test('without F: an error where a root file system lacks it, a note where nobody asked', () => {
  const host = machine('');
  host.files.addDirectory('/root1/usr/bin');
  expect(found(host, { root: '/root1' })).toEqual(['interpreter-not-in-root']);
  expect(interpreterNotInRoot.examine(examinationOf(host))).toMatchObject({ severity: 'note' });
  const message = readMessage('exec /usr/bin/uname: no such file or directory');
  expect(interpreterNotInRoot.examine(examinationOf(host, { message, scope: 'docker' }))).toMatchObject({
    severity: 'error',
    certainty: 'likely',
  });
  host.files.addFile(`/root1${emulator}`, 'x', { mode: 0o755 });
  expect(found(host, { root: '/root1' })).toEqual([]);
  expect(found(machine('F'), { root: '/root2' })).toEqual([]);
});

test('with F and linked dynamically', () => {
  const host = fakeHost();
  const program = buildElf({
    class: 64,
    endianness: 'little',
    machine: 62,
    interpreter: '/lib64/ld-linux-x86-64.so.2',
    dynamic: [[1, 1]],
  });
  host.files.addFile(emulator, program, { mode: 0o755 });
  register(host, `:qemu-aarch64:${aarch64Pattern}:${emulator}:F`);
  host.files.addDirectory('/root1');
  const { examine } = interpreterDynamic;
  expect(examine(examinationOf(host))).toMatchObject({ status: 'fault', severity: 'warning' });
  expect(examine(examinationOf(host, { root: '/root1' }))).toMatchObject({
    severity: 'error',
    certainty: 'proven',
  });
});

test('an emulator that fails, and one that was repaired only at its path', () => {
  const host = fakeHost();
  host.addProgram(emulator, 'broken', () => ({ kind: 'signalled', signal: 11 }));
  register(host, `:qemu-aarch64:${aarch64Pattern}:${emulator}:F`);
  expect(found(host)).toEqual(['emulator-fails']);
  host.processes.on([emulator], { exitCode: 42 });
  expect(found(host)).toEqual(['interpreter-replaced', 'emulator-fails']);
  expect(interpreterReplaced.examine(examinationOf(host))).toMatchObject({
    severity: 'error',
    certainty: 'proven',
  });
});

test('another version runs than the one that is at the path', () => {
  const host = machine('F');
  host.clock.sleep(1000);
  host.files.remove(emulator);
  host.addProgram(emulator, 'newer');
  const answer = (version: string) => ({ stdout: `qemu-aarch64 version ${version} (Debian)\n` });
  host.processes.on([], (command, { environment }) =>
    environment?.['QEMU_VERSION'] === '1' ? answer('7.2.22') : answer('11.1.3'),
  );
  expect(interpreterReplaced.examine(examinationOf(host))).toMatchObject({
    severity: 'warning',
    certainty: 'proven',
    evidence: [`the kernel starts version 7.2.22, and ${emulator} is version 11.1.3`],
  });
  host.processes.on([], answer('11.1.3'));
  expect(interpreterReplaced.examine(examinationOf(host))).toMatchObject({ status: 'ok' });
});

test('a native architecture that is emulated', () => {
  const host = fakeHost();
  host.addProgram('/usr/bin/qemu-i386');
  expect(nativeEmulated.examine(examinationOf(host))).toMatchObject({ status: 'ok' });
  const i386 = aarch64Pattern.replace('ELF\\x02', 'ELF\\x01').replace('\\xb7', '\\x03');
  register(host, `:qemu-i386:${i386}:/usr/bin/qemu-i386:F`);
  const verdict = nativeEmulated.examine(examinationOf(host));
  expect(verdict).toMatchObject({ status: 'fault', severity: 'warning', architectures: ['i386'] });
  expect(verdict).toMatchObject({
    remedies: [{ command: ['sh', '-c', 'echo -1 > /proc/sys/fs/binfmt_misc/qemu-i386'], by: 'user' }],
  });
});
