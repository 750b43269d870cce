import { expect, test } from 'vitest';
import { unseenEmulator } from '../emulators/index.ts';
import { aarch64Pattern, install, registrationHost, state } from './testing/registration-host.ts';

test('never registers what runs natively, unless forced, and never what would loop', () => {
  const { register, entries } = registrationHost();
  const report = register({ architectures: ['amd64', 'i386', 'arm64'] });
  expect(report.outcome).toBe('partial');
  expect(report.results.map(({ architecture }) => architecture)).toEqual(['x86_64', 'i386', 'aarch64']);
  expect(
    Object.fromEntries(report.results.map(({ architecture, error }) => [architecture, error?.code])),
  ).toEqual({
    x86_64: 'ANYARCH_NATIVE_ARCHITECTURE',
    i386: 'ANYARCH_NATIVE_ARCHITECTURE',
    aarch64: undefined,
  });
  const forced = register({ architectures: ['amd64', 'i386'], force: true });
  expect(forced.results.map(({ architecture, error }) => [architecture, error?.code])).toEqual([
    ['x86_64', 'ANYARCH_NATIVE_ARCHITECTURE'],
    ['i386', undefined],
  ]);
  expect(forced.results[0]?.error?.message).toContain('ELOOP');
  expect([...entries().keys()]).toEqual(['qemu-i386', 'qemu-aarch64']);
});

test('all: what is native or has no emulator is skipped, and is no error', () => {
  const { register, entries } = registrationHost();
  const report = register({ architectures: 'all' });
  expect(report.outcome).toBe('ok');
  expect([...entries().keys()].sort()).toEqual(['qemu-aarch64', 'qemu-riscv64', 'qemu-s390x']);
  expect(report.results.find(({ architecture }) => architecture === 'i386')).toMatchObject({
    action: 'skip',
    error: undefined,
  });
  expect(report.results.find(({ architecture }) => architecture === 'm68k')).toMatchObject({
    action: 'skip',
    error: undefined,
  });
});

test('all without a single emulator is an error', () => {
  const { register } = registrationHost([]);
  expect(() => register({ architectures: 'all' })).toThrowWithCode('ANYARCH_EMULATOR_NOT_FOUND');
});

test('a missing emulator is one architecture’s error', () => {
  const { register } = registrationHost(['aarch64']);
  const report = register({ architectures: ['m68k', 'arm64'] });
  expect(report.outcome).toBe('partial');
  expect(report.results).toMatchObject([
    { architecture: 'm68k', action: 'refuse', error: { code: 'ANYARCH_EMULATOR_NOT_FOUND' } },
    { architecture: 'aarch64', proven: true },
  ]);
  expect(register({ architectures: ['m68k'] }).outcome).toBe('failed');
});

test('an unknown architecture fails before anything is changed', () => {
  const { register, entries } = registrationHost();
  expect(() => register({ architectures: ['arm64', '../x'] })).toThrowWithCode(
    'ANYARCH_UNKNOWN_ARCHITECTURE',
  );
  expect(entries().size).toBe(0);
});

test('refuses emulators that cannot work', () => {
  const { host, register, emulators } = registrationHost([]);
  emulators.set('aarch64', install(host, 'aarch64', '11.1.3', { linkage: 'dynamic' }));
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([
    { error: { code: 'ANYARCH_EMULATOR_UNUSABLE' } },
  ]);
  expect(register({ architectures: ['arm64'], fixBinary: false }).results).toMatchObject([
    { action: 'add', proven: true },
  ]);
  emulators.set('s390x', install(host, 's390x', '11.1.3'));
  host.files.addFile(emulators.get('s390x')!.path, '#!/bin/sh\n', { mode: 0o755 });
  expect(register({ architectures: ['s390x'] }).results).toMatchObject([
    { error: { code: 'ANYARCH_EMULATOR_UNUSABLE' } },
  ]);
});

test('with credentials, refuses emulators that others than root can replace', () => {
  const { host, register, entries, emulators } = registrationHost([]);
  const path = '/opt/tools/bin/qemu-aarch64';
  emulators.set('aarch64', install(host, 'aarch64', '11.1.3', { path }));
  const codeWith = (options: { credentials: boolean; force?: boolean }) =>
    register({ architectures: ['arm64'], dryRun: true, ...options }).results[0]?.error?.code;
  expect(codeWith({ credentials: true })).toBeUndefined();
  host.files.addDirectory('/opt/tools', { uid: 1000 });
  expect(codeWith({ credentials: false })).toBeUndefined();
  expect(codeWith({ credentials: true })).toBe('ANYARCH_EMULATOR_UNTRUSTED');
  expect(codeWith({ credentials: true, force: true })).toBeUndefined();
  const [result] = register({ architectures: ['arm64'], credentials: true }).results;
  expect(result?.error?.message).toContain('/opt/tools belongs to another user');
  expect(result?.error?.hint).toContain('--force');
  expect(entries().size).toBe(0);
  host.files.addDirectory('/opt/tools', { uid: 0, mode: 0o777 });
  expect(codeWith({ credentials: true })).toBe('ANYARCH_EMULATOR_UNTRUSTED');
  host.files.addDirectory('/opt/tools', { mode: 0o1777 });
  expect(codeWith({ credentials: true })).toBeUndefined();
});

test('registers nothing where it is emulated itself: an emulator would take all programs of the machine', () => {
  const { host, register, entries, addEntry } = registrationHost(['x86_64', 'i386', 's390x'], {
    system: { machine: 'aarch64' },
    executor: { native: ['x86_64', 'i386'] },
  });
  host.addProgram('/usr/bin/qemu-aarch64-static');
  addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:F`);
  const before = [...entries()];
  for (const options of [{}, { unseen: true, fixBinary: false }, { force: true }, { reset: true }]) {
    const attempt = () => register({ architectures: ['amd64', 's390x'], ...options });
    expect(attempt).toThrowWithCode('ANYARCH_HOST_UNSUPPORTED');
    expect(attempt).toThrow('this program is for linux/arm64');
    expect(attempt).toThrow('linux/amd64, linux/386');
  }
  expect([...entries()]).toEqual(before);
  expect(host.files.status(`${state}/registrations.json`)).toBeUndefined();
});

test('what cannot be looked at is never registered for a native architecture', () => {
  const { register, entries } = registrationHost();
  const choose = (target: string) => unseenEmulator(target, `/usr/bin/qemu-${target}-static`);
  const { results } = register({
    architectures: ['i386', 'amd64'],
    choose,
    fixBinary: false,
    unseen: true,
    force: true,
  });
  expect(results.map(({ error }) => error?.code)).toEqual([
    'ANYARCH_NATIVE_ARCHITECTURE',
    'ANYARCH_NATIVE_ARCHITECTURE',
  ]);
  expect(entries().size).toBe(0);
});
