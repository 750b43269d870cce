import { expect, test } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { status } from './status.ts';
import { aarch64Pattern, install, registrationHost, state } from './testing/registration-host.ts';

test('tells owner, emulator, shadows and duplicates of each entry', () => {
  const { host, register, addEntry, emulators } = registrationHost();
  addEntry(':jar:M::PK\\x03\\x04::/usr/bin/jexec:');
  register({ architectures: ['arm64', 's390x'] });
  host.addProgram('/opt/emulator');
  addEntry(`:other:${aarch64Pattern}:/opt/emulator:F`);
  const report = status(host, { probe: true });
  expect(report.native).toEqual(['i386', 'x86_64']);
  expect(report.entries).toMatchObject([
    {
      name: 'other',
      architecture: 'aarch64',
      owner: { kind: 'unknown' },
      shadowedBy: undefined,
      duplicates: ['qemu-aarch64'],
      proof: { status: 'proven' },
      emulator: undefined,
    },
    {
      name: 'qemu-s390x',
      shadowedBy: undefined,
      duplicates: [],
      proof: { status: 'proven' },
      owner: { kind: 'anyarch' },
    },
    {
      name: 'qemu-aarch64',
      shadowedBy: 'other',
      duplicates: ['other'],
      proof: undefined,
      interpreter: emulators.get('aarch64')?.path,
      emulator: { version: '11.1.3', sha256: 'aarch64-11.1.3', state: 'same', isCertain: true },
    },
    {
      name: 'jar',
      architecture: undefined,
      owner: { kind: 'java' },
      proof: undefined,
      emulator: undefined,
      enabled: true,
    },
  ]);
});

test('knows the pinned emulator although its file is gone or another one', () => {
  const { host, register, emulators } = registrationHost(['aarch64']);
  register({ architectures: ['arm64'] });
  const path = emulators.get('aarch64')!.path;
  host.addProgram(path, 'another');
  expect(status(host).entries).toMatchObject([
    { emulator: { version: '11.1.3', sha256: 'aarch64-11.1.3', state: 'replaced', isCertain: true } },
  ]);
  host.files.remove(path);
  expect(status(host).entries).toMatchObject([
    { emulator: { version: '11.1.3', state: 'deleted', isCertain: true } },
  ]);
});

test('asks an emulator that nobody recorded for its version, and says that the pinned one may be another', () => {
  const { host, addEntry } = registrationHost([]);
  const { path } = install(host, 'aarch64', '', { path: '/usr/bin/qemu-aarch64' });
  host.processes.on([path, '--version'], {
    stdout: 'qemu-aarch64 version 7.2.22 (Debian 1:7.2+dfsg-7+deb12u18)\n',
  });
  addEntry(`:qemu-aarch64:${aarch64Pattern}:${path}:F`);
  addEntry(`:unpinned:${aarch64Pattern}:${path}:`);
  const sha256 = host.files.sha256(path);
  expect(status(host).entries).toMatchObject([
    { name: 'unpinned', emulator: { version: '7.2.22', sha256, state: 'unrecorded', isCertain: true } },
    {
      name: 'qemu-aarch64',
      owner: { kind: 'predecessor' },
      emulator: { version: '7.2.22', sha256, state: 'unrecorded', isCertain: false },
    },
  ]);
});

test('reports a table that is not there, and one that is switched off', () => {
  expect(status(fakeHost({ binfmt: { state: 'unmounted' } }))).toMatchObject({
    table: { state: 'unmounted', enabled: false },
    entries: [],
  });
  expect(status(fakeHost({ binfmt: { state: 'autofs' } }))).toMatchObject({ table: { state: 'mounted' } });
  const host = fakeHost({ system: { kernelRelease: '6.1.0-40-amd64' } });
  host.files.writeOnce('/proc/sys/fs/binfmt_misc/status', Uint8Array.of(0x30));
  expect(status(host).table).toEqual({
    path: '/proc/sys/fs/binfmt_misc',
    state: 'mounted',
    enabled: false,
    perNamespace: false,
    kernelRelease: '6.1.0-40-amd64',
  });
});

test('a user sees what root registered as anyarch’s', () => {
  const { host, register } = registrationHost();
  register({ architectures: ['arm64'] });
  const user = { ...host, system: { ...host.system, uid: 1000, environment: { HOME: '/home/me' } } };
  expect(status(user).entries).toMatchObject([
    { owner: { kind: 'anyarch', evidence: 'recorded in the ledger' }, emulator: { isCertain: true } },
  ]);
});

test('a probe that fails is told with its reason', () => {
  const { host, register, emulators } = registrationHost(['aarch64']);
  register({ architectures: ['arm64'], fixBinary: false });
  host.files.remove(emulators.get('aarch64')!.path);
  expect(status(host, { probe: true, state }).entries).toMatchObject([
    {
      proof: { status: 'failed', outcome: { kind: 'refused', errno: 'ENOENT' } },
      emulator: { state: 'deleted' },
    },
  ]);
});
