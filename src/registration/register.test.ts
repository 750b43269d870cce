import { expect, test } from 'vitest';
import { readLedger } from './ledger.ts';
import { aarch64Pattern, install, registrationHost, state } from './testing/registration-host.ts';

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

test('emulates i386 on a kernel that does not run it', () => {
  const { register } = registrationHost(['i386'], { executor: { native: ['x86_64'] } });
  expect(register({ architectures: ['i386'] })).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'add', proven: true }],
  });
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
