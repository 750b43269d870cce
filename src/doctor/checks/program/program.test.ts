import { expect, test } from 'vitest';
import { buildProbe } from '../../../core/probe/probe.ts';
import { buildElf } from '../../../core/testing/elf-image.ts';
import { needingProgram } from '../../../core/testing/needing-program.ts';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import { readMessage } from '../../message/read-message.ts';
import type { Verdict } from '../../verdict.ts';
import { examinationOf } from '../../testing/examination.ts';
import { architectureNotNative } from './architecture-not-native.ts';
import { programChecks } from './index.ts';
import { libraryMissing } from './library-missing.ts';
import { loaderMissing } from './loader-missing.ts';
import { programNotExecutable } from './program-not-executable.ts';
import { scriptCrlf } from './script-crlf.ts';
import { scriptInterpreterMissing } from './script-interpreter-missing.ts';

interface Asked {
  readonly root?: string;
  readonly host?: FakeHost;
}

/** What the checks say of a file with this content. */
function verdictsOn(
  content: Uint8Array | string,
  { root = '/', host = fakeHost() }: Asked = {},
): ReadonlyMap<string, Verdict> {
  if (host.files.status('/program') === undefined) host.files.addFile('/program', content, { mode: 0o755 });
  const examination = examinationOf(host, { file: '/program', root });
  return new Map(
    programChecks.map(({ id, examine }) => {
      const verdict = examine(examination);
      if (verdict instanceof Promise) throw new Error(`${id} takes time`);
      return [id, verdict];
    }),
  );
}

function faultsOf(...args: Parameters<typeof verdictsOn>): string[] {
  return [...verdictsOn(...args)].flatMap(([id, { status }]) => (status === 'fault' ? [id] : []));
}

const shell = buildProbe('x86_64');

test('good programs and scripts', () => {
  expect(faultsOf(buildProbe('x86_64'))).toEqual([]);
  expect(faultsOf(buildProbe('aarch64'))).toEqual([]);
  const host = fakeHost();
  host.files.addFile('/bin/sh', shell, { mode: 0o755 });
  expect(faultsOf('#!/bin/sh -e\necho\n', { host })).toEqual([]);
});

test('nothing was asked about', () => {
  const examination = examinationOf(fakeHost());
  const said = programChecks.map(({ examine }) => examine(examination));
  expect(said.filter((verdict) => 'status' in verdict && verdict.status === 'fault')).toEqual([]);
});

test('a file that is not there, and one that may not be executed', () => {
  const host = fakeHost();
  expect(programChecks[0]?.examine(examinationOf(host, { file: '/nothing' }))).toMatchObject({
    status: 'fault',
    certainty: 'proven',
  });
  host.files.addFile('/plain', shell, { mode: 0o644 });
  expect(programNotExecutable.examine(examinationOf(host, { file: '/plain' }))).toMatchObject({
    status: 'fault',
    remedies: [{ command: ['chmod', '+x', '/plain'] }],
  });
  host.files.addFile('/secrets', 'root:x', { mode: 0o644 });
  expect(programNotExecutable.examine(examinationOf(host, { file: '/secrets' }))).toMatchObject({
    status: 'fault',
    remedies: [{ does: 'give the path of a program' }],
  });
  host.files.addDirectory('/opt');
  host.files.mount('/opt', { type: 0xef53, noExecute: true });
  host.files.addFile('/opt/program', shell, { mode: 0o755 });
  host.files.addFile('/proc/self/mountinfo', '30 1 0:30 / /opt rw,noexec - tmpfs tmpfs rw\n');
  expect(programNotExecutable.examine(examinationOf(host, { file: '/opt/program' }))).toMatchObject({
    summary: '/opt/program is on /opt, which is mounted noexec',
    remedies: [{ command: ['mount', '-o', 'remount,exec', '/opt'] }],
  });
});

test.each([10, 60, 100])('a program of which only %i bytes are left', (size) => {
  expect(faultsOf(buildProbe('aarch64').subarray(0, size))).toEqual(['program-truncated']);
});

test.each([
  ['', 'empty'],
  ['echo hello\n', 'text without #! in its first line'],
  ['\n#!/bin/sh\n', 'a script whose #! is not in its first two bytes'],
  ['<!DOCTYPE html>\n<html>404', 'a web page, as servers send them in place of a file'],
  ['\u0001\u0000\u0002', 'neither an ELF program nor a script'],
])('%j is no program', (content, what) => {
  expect(faultsOf(content)).toEqual(['program-not-runnable']);
  expect(verdictsOn(content).get('program-not-runnable')).toMatchObject({ summary: `/program is ${what}` });
});

test('an object file, and a program for what QEMU does not know', () => {
  const elf = { class: 64, endianness: 'little', machine: 183 } as const;
  expect(faultsOf(buildElf({ ...elf, type: 1 }))).toEqual(['program-not-runnable']);
  expect(faultsOf(buildElf({ ...elf, machine: 50 }))).toEqual(['architecture-unknown']);
});

test('scripts', () => {
  expect(faultsOf('#!/bin/sh\r\necho\r\n')).toEqual(['script-crlf']);
  expect(faultsOf('#!/usr/bin/env sh\r\necho\r\n')).toEqual(['script-crlf']);
  const host = fakeHost();
  host.files.addFile('/bin/python3', shell, { mode: 0o755 });
  host.files.addFile('/usr/bin/env', shell, { mode: 0o755 });
  expect(faultsOf('#!/usr/bin/python3 -u\n', { host })).toEqual(['script-interpreter-missing']);
  expect(scriptInterpreterMissing.examine(examinationOf(host, { file: '/program' }))).toMatchObject({
    remedies: [{ command: ['sed', '-i', '1s|/usr/bin/python3|/bin/python3|', '/program'] }, {}],
  });
  host.files.addFile('/two', '#!/usr/bin/env -S perl -w\n', { mode: 0o755 });
  const asked = examinationOf(host, { file: '/two' });
  expect(scriptInterpreterMissing.examine(asked)).toMatchObject({ status: 'fault' });
  host.files.addFile('/usr/bin/perl', shell, { mode: 0o755 });
  expect(scriptInterpreterMissing.examine(examinationOf(host, { file: '/two' }))).toMatchObject({
    status: 'ok',
  });
});

test.each([
  '/usr/bin/env: ‘bash\\r’: No such file or directory',
  '-bash: ./run.sh: /bin/bash^M: bad interpreter: No such file or directory',
])('%s tells of the line ends', (text) => {
  const examine = (said: string) =>
    scriptCrlf.examine(examinationOf(fakeHost(), { message: readMessage(said) }));
  expect(examine(text)).toMatchObject({ status: 'fault', certainty: 'likely' });
  expect(readMessage(text).symptoms).toContain('no-such-file');
  expect(examine(text.replace(/\^M|\\r/, ''))).toMatchObject({ status: 'skipped' });
});

test("the guest's loader is looked for in the guest's root", () => {
  const loader = '/lib/ld-linux-aarch64.so.1';
  const program = buildElf({ class: 64, endianness: 'little', machine: 183, interpreter: loader });
  const host = fakeHost();
  host.files.addFile('/root1/lib/ld-linux-aarch64.so.1', shell, { mode: 0o755 });
  expect(faultsOf(program, { host })).toEqual(['loader-missing']);
  expect(faultsOf(program, { host, root: '/root1' })).toEqual([]);
  const cross = fakeHost();
  cross.files.addFile(`/usr/aarch64-linux-gnu${loader}`, shell, { mode: 0o755 });
  cross.files.addFile('/program', program, { mode: 0o755 });
  expect(loaderMissing.examine(examinationOf(cross, { file: '/program' }))).toMatchObject({
    remedies: [{ command: ['anyarch', 'exec', '-L', '/usr/aarch64-linux-gnu', '/program'] }, {}, {}],
  });
  const prefixed = fakeHost({ system: { environment: { QEMU_LD_PREFIX: '/usr/aarch64-linux-gnu' } } });
  prefixed.files.addFile(`/usr/aarch64-linux-gnu${loader}`, shell, { mode: 0o755 });
  expect(faultsOf(program, { host: prefixed })).toEqual([]);
});

test('libraries are looked for where the loader of the root file system looks', () => {
  const loader = '/lib/ld-linux-aarch64.so.1';
  const program = needingProgram({
    width: 64,
    little: true,
    names: ['libz.so.1', 'libown.so'],
    runpath: '/opt/own',
    interpreter: loader,
  });
  const host = fakeHost();
  host.files.addFile('/program', program, { mode: 0o755 });
  const examine = () => libraryMissing.examine(examinationOf(host, { file: '/program' }));
  expect(examine()).toMatchObject({ status: 'skipped' });
  host.files.addFile(loader, shell, { mode: 0o755 });
  expect(examine()).toMatchObject({
    status: 'fault',
    summary: '/program needs libz.so.1, libown.so, which / does not have',
  });
  host.files.addFile('/opt/own/libown.so', '');
  host.files.addFile('/etc/ld.so.conf.d/vendor.conf', '# theirs\n/opt/vendor/lib\n');
  expect(examine()).toMatchObject({ summary: '/program needs libz.so.1, which / does not have' });
  host.files.addFile('/opt/vendor/lib/libz.so.1', '');
  expect(examine()).toMatchObject({ status: 'ok' });
});

test('the origin of a program is where it is in its root file system', () => {
  const interpreter = '/lib/ld-linux-aarch64.so.1';
  const shape = { width: 64, little: true, interpreter } as const;
  const host = fakeHost();
  host.files.addFile(`/root1${interpreter}`, shell, { mode: 0o755 });
  const program = needingProgram({ ...shape, names: ['libjli.so'], runpath: '$ORIGIN/../lib' });
  host.files.addFile('/root1/opt/jdk/bin/java', program, { mode: 0o755 });
  host.files.addLink('/root1/usr/bin/java', '/opt/jdk/bin/java');
  // Outside of the root file system the link leads to this.
  host.files.addFile('/opt/jdk/bin/java', program, { mode: 0o755 });
  const examine = () =>
    libraryMissing.examine(examinationOf(host, { file: '/root1/usr/bin/java', root: '/root1' }));
  expect(examine()).toMatchObject({ status: 'fault' });
  host.files.addFile('/root1/opt/jdk/lib/libjli.so', '');
  expect(examine()).toMatchObject({ status: 'ok' });
});

test('a static program needs no library', () => {
  const host = fakeHost();
  host.files.addFile('/program', buildProbe('aarch64'), { mode: 0o755 });
  expect(libraryMissing.examine(examinationOf(host, { file: '/program' }))).toMatchObject({
    status: 'skipped',
  });
});

test('32-bit arm on an arm64 machine that cannot run it, and on one that can', () => {
  const machine = { machine: 'aarch64' };
  const unable = fakeHost({ system: machine });
  const able = fakeHost({ system: machine, executor: { native: ['aarch64', 'arm'] } });
  for (const host of [unable, able]) host.files.addFile('/program', buildProbe('arm'), { mode: 0o755 });
  const asked = { file: '/program' };
  expect(architectureNotNative.examine(examinationOf(unable, asked))).toMatchObject({
    status: 'fault',
    remedies: [{ command: ['anyarch', 'register', 'armhf'] }],
  });
  expect(architectureNotNative.examine(examinationOf(unable))).toMatchObject({ status: 'ok' });
  expect(architectureNotNative.examine(examinationOf(able, asked))).toMatchObject({ status: 'ok' });
});

test('a loader that is missing is found by what was said by QEMU', () => {
  const message = readMessage(
    "qemu-aarch64: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory",
  );
  const host = fakeHost();
  const examine = (asked: Parameters<typeof examinationOf>[1]) =>
    loaderMissing.examine(examinationOf(host, { message, ...asked }));
  expect(examine({})).toMatchObject({
    status: 'fault',
    certainty: 'proven',
    architectures: ['aarch64'],
    summary: 'the loader /lib/ld-linux-aarch64.so.1 of the program is not in /',
    remedies: [{ command: ['sh', '-c', expect.stringContaining('libc6:arm64')] }, {}, {}],
  });
  expect(examine({ image: 'some:1' })).toMatchObject({ status: 'fault', certainty: 'likely' });
  host.files.addFile('/root1/lib/ld-linux-aarch64.so.1', shell, { mode: 0o755 });
  expect(examine({ root: '/root1' })).toMatchObject({ status: 'ok' });
  expect(examine({ message: readMessage('make: *** Error 1') })).toMatchObject({ status: 'skipped' });
});
