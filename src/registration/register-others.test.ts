import { expect, test } from 'vitest';
import { readLedger } from './ledger.ts';
import { aarch64Pattern, install, registrationHost, state } from './testing/registration-host.ts';

const jar = ':jar:M::PK\\x03\\x04::/usr/bin/jexec:';

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
