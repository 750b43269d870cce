import { expect, test } from 'vitest';
import { unseenEmulator } from '../emulators/index.ts';
import { aarch64Pattern, install, registrationHost, state } from './testing/registration-host.ts';
import { readLedger } from './ledger.ts';

const jar = ':jar:M::PK\\x03\\x04::/usr/bin/jexec:';

test('registers, proves and records', () => {
  const { host, register, entries } = registrationHost();
  const report = register({ architectures: ['arm64'] });
  expect(report).toMatchObject({
    outcome: 'ok',
    dryRun: false,
    results: [
      { architecture: 'aarch64', action: 'add', name: 'qemu-aarch64', proven: true, error: undefined },
    ],
  });
  expect(entries().get('qemu-aarch64')).toContain('flags: PF\n');
  expect(readLedger(host, state).registrations).toMatchObject([
    { name: 'qemu-aarch64', architecture: 'aarch64', state: 'made', emulator: { version: '11.1.3' } },
  ]);
});

test('does nothing the second time', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64', 'riscv64'] });
  const before = [...entries()];
  const ledger = host.files.status(`${state}/registrations.json`)?.inode;
  const report = register({ architectures: ['aarch64', 'riscv64', 'linux/arm64'] });
  expect(report.results.map(({ action, proven }) => ({ action, proven }))).toEqual([
    { action: 'keep', proven: true },
    { action: 'keep', proven: true },
  ]);
  expect([...entries()]).toEqual(before);
  expect(host.files.status(`${state}/registrations.json`)?.inode).toBe(ledger);
});

test('replaces with another emulator under the same name, through a temporary entry', () => {
  const { host, register, entries, emulators } = registrationHost();
  register({ architectures: ['arm64'] });
  emulators.set('aarch64', install(host, 'aarch64', '12.0.0'));
  const [result] = register({ architectures: ['arm64'] }).results;
  expect(result).toMatchObject({ action: 'replace', proven: true, emulator: { version: '12.0.0' } });
  expect(result?.steps.map(({ kind, name }) => `${kind} ${name ?? ''}`)).toEqual([
    'register anyarch-aarch64-next',
    'prove ',
    'remove qemu-aarch64',
    'register qemu-aarch64',
    'remove anyarch-aarch64-next',
    'prove ',
  ]);
  expect([...entries().keys()]).toEqual(['qemu-aarch64']);
  expect(entries().get('qemu-aarch64')).toContain('12.0.0');
  expect(readLedger(host, state).registrations).toHaveLength(1);
});

test('says that only the flags were changed, whatever the entry is called', () => {
  const { register, addEntry, entries, emulators, host } = registrationHost();
  addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:`);
  register({ architectures: ['arm64'] });
  register({ architectures: ['arm64'], reset: true });
  expect([...entries().keys()]).toEqual(['anyarch-aarch64']);
  const reasonFor = (options: { credentials?: boolean }) =>
    register({ architectures: ['arm64'], dryRun: true, ...options }).results[0]?.reason;
  expect(reasonFor({ credentials: true })).toBe('anyarch-aarch64 has other flags');
  register({ architectures: ['arm64'], credentials: true });
  expect([...entries().keys()]).toEqual(['qemu-aarch64']);
  emulators.set('aarch64', install(host, 'aarch64', '12.0.0'));
  expect(reasonFor({ credentials: true })).toBe('qemu-aarch64 has another emulator');
  expect(reasonFor({})).toBe('qemu-aarch64 has another emulator and other flags');
});

test('says that an earlier command was interrupted', () => {
  const { addEntry, register, emulators } = registrationHost();
  const path = emulators.get('aarch64')!.path;
  addEntry(`:anyarch-aarch64-next:${aarch64Pattern}:${path}:PF`);
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([
    { action: 'replace', reason: 'an earlier command was interrupted' },
  ]);
});

test('replaces when the file under the pinned path is another one now', () => {
  const { host, register, emulators } = registrationHost([]);
  emulators.set(
    'aarch64',
    install(host, 'aarch64', '10.0.0', { path: '/usr/bin/qemu-aarch64', origin: 'system' }),
  );
  register({ architectures: ['arm64'] });
  install(host, 'aarch64', '10.0.1', { path: '/usr/bin/qemu-aarch64' });
  const report = register({ architectures: ['arm64'] });
  expect(report.results).toMatchObject([
    { action: 'replace', reason: expect.stringContaining('was replaced') as string },
  ]);
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([{ action: 'keep' }]);
});

test('replaces when flags change, and when the entry was disabled', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64'] });
  expect(register({ architectures: ['arm64'], credentials: true }).results).toMatchObject([
    { action: 'replace' },
  ]);
  expect(entries().get('qemu-aarch64')).toMatch(/flags: P?O?CF?|flags: .*C/);
  expect(register({ architectures: ['arm64'], credentials: true }).results).toMatchObject([
    { action: 'keep' },
  ]);
  host.binfmt.table().control('qemu-aarch64', '0');
  expect(register({ architectures: ['arm64'], credentials: true }).results).toMatchObject([
    { action: 'replace', reason: 'qemu-aarch64 is disabled', proven: true },
  ]);
  expect(entries().get('qemu-aarch64')).toMatch(/^enabled/);
});

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

test('emulates i386 on a kernel that does not run it', () => {
  const { register } = registrationHost(['i386'], { executor: { native: ['x86_64'] } });
  expect(register({ architectures: ['i386'] })).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'add', proven: true }],
  });
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

test('gives way to another owner of the name, and says what it shadows', () => {
  const { register, addEntry, entries } = registrationHost();
  addEntry(`:qemu-aarch64:${aarch64Pattern}:/opt/other/emulator:`);
  const before = entries().get('qemu-aarch64');
  const report = register({ architectures: ['arm64'] });
  expect(report.results).toMatchObject([
    { action: 'add', name: 'anyarch-aarch64', shadows: ['qemu-aarch64'], proven: true },
  ]);
  expect(entries().get('qemu-aarch64')).toBe(before);
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([
    { action: 'keep', name: 'anyarch-aarch64' },
  ]);
});

test('keeps what the distribution registered in the same way', () => {
  const { host, register, addEntry, entries, emulators } = registrationHost([]);
  emulators.set(
    'aarch64',
    install(host, 'aarch64', '10.0.0', { path: '/usr/bin/qemu-aarch64', origin: 'system' }),
  );
  const rule = `:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64:OPF`;
  host.files.addFile('/usr/lib/binfmt.d/qemu-aarch64.conf', `${rule}\n`);
  addEntry(rule);
  expect(register({ architectures: ['arm64'], reset: true }).results).toMatchObject([
    { action: 'keep', name: 'qemu-aarch64', proven: true },
  ]);
  expect(entries().size).toBe(1);
});

test('comes before a newer entry that shadows ours', () => {
  const { register, addEntry, entries } = registrationHost();
  register({ architectures: ['arm64'] });
  addEntry(`:other:${aarch64Pattern}:/opt/other/emulator:`);
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([
    { action: 'replace', shadows: ['other'], proven: true },
  ]);
  expect([...entries().keys()]).toEqual(['qemu-aarch64', 'other']);
});

test('reset removes ours and predecessors’ entries, and nobody else’s', () => {
  const { host, register, addEntry, entries } = registrationHost();
  addEntry(jar);
  host.addProgram('/init');
  addEntry(':WSLInterop:M::MZ::/init:PF');
  host.addProgram('/usr/bin/qemu-riscv64-static');
  addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:`);
  addEntry(`:qemu-sparc:${aarch64Pattern.replace('\\xb7', '\\x02')}:/usr/bin/qemu-sparc-static:`);
  const deb = `:qemu-alpha:${aarch64Pattern.replace('\\xb7', '\\x26')}:/usr/bin/qemu-alpha:`;
  host.files.addFile('/usr/lib/binfmt.d/qemu-alpha.conf', deb);
  addEntry(deb);
  register({ architectures: ['riscv64'] });
  const before = entries();
  const report = register({ architectures: ['arm64'], reset: true });
  expect(report.outcome).toBe('ok');
  expect([...entries().keys()].sort()).toEqual(['WSLInterop', 'jar', 'qemu-aarch64', 'qemu-alpha']);
  expect(entries().get('qemu-aarch64')).toContain('/var/lib/anyarch/store/');
  for (const name of ['WSLInterop', 'jar', 'qemu-alpha']) expect(entries().get(name)).toBe(before.get(name));
  expect(readLedger(host, state).registrations.map(({ name }) => name)).toEqual(['qemu-aarch64']);
});

test('reset spares what was wanted but could not be registered', () => {
  const { register, addEntry, entries } = registrationHost([]);
  addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:`);
  expect(register({ architectures: ['arm64'], reset: true }).outcome).toBe('failed');
  expect([...entries().keys()]).toEqual(['qemu-aarch64']);
});

test('a dry run changes nothing and tells everything', () => {
  const { host, register, entries } = registrationHost();
  const report = register({ architectures: ['arm64', 'amd64'], dryRun: true });
  expect(report).toMatchObject({
    dryRun: true,
    outcome: 'partial',
    results: [
      {
        architecture: 'aarch64',
        action: 'add',
        proven: undefined,
        steps: [{ kind: 'register', name: 'qemu-aarch64' }, { kind: 'prove' }],
      },
      { architecture: 'x86_64', action: 'refuse', error: { code: 'ANYARCH_NATIVE_ARCHITECTURE' } },
    ],
  });
  expect(entries().size).toBe(0);
  expect(host.files.status(`${state}/registrations.json`)).toBeUndefined();
});

test('takes back a registration that does not run a probe', () => {
  const { host, register, entries, emulators } = registrationHost([]);
  emulators.set('aarch64', install(host, 'aarch64', '11.1.3'));
  host.addProgram(emulators.get('aarch64')!.path, 'broken', () => ({ kind: 'signalled', signal: 11 }));
  const report = register({ architectures: ['arm64'] });
  expect(report.results).toMatchObject([{ proven: false, error: { code: 'ANYARCH_PROBE_FAILED' } }]);
  expect(report.outcome).toBe('failed');
  expect(entries().size).toBe(0);
  expect(readLedger(host, state).registrations).toEqual([]);
});

test('keeps the old emulator when the new one does not run a probe', () => {
  const { host, register, entries, emulators } = registrationHost();
  register({ architectures: ['arm64'] });
  const before = [...entries()];
  const broken = install(host, 'aarch64', '12.0.0');
  host.addProgram(broken.path, 'broken', () => ({ kind: 'exited', code: 1 }));
  emulators.set('aarch64', broken);
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([
    { error: { code: 'ANYARCH_PROBE_FAILED' } },
  ]);
  expect([...entries()]).toEqual(before);
  expect(readLedger(host, state).registrations).toMatchObject([
    { state: 'made', emulator: { version: '11.1.3' } },
  ]);
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
