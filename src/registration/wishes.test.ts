import { describe, expect, test } from 'vitest';
import { ledgerPath, readLedger, readLetGo, readWishes } from './ledger.ts';
import { install, registrationHost, state } from './testing/registration-host.ts';
import { unregister } from './unregister.ts';

const debianRule = (interpreter: string) =>
  `:qemu-riscv64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xf3\\x00:\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff\\xff:${interpreter}:PF`;

function machine() {
  const made = registrationHost();
  const wished = () => readWishes(made.host, state).map(({ architecture }) => architecture);
  return { ...made, wished };
}

describe('what was asked to be there', () => {
  test('is remembered as it was asked for, with the command', () => {
    const { host, register } = machine();
    register({ architectures: ['arm64'], by: 'anyarch 1: register arm64', credentials: true });
    expect(readWishes(host, state)).toMatchObject([
      {
        architecture: 'aarch64',
        credentials: true,
        fixBinary: true,
        preserveArgv0: 'auto',
        entry: 'qemu-aarch64',
        by: 'anyarch 1: register arm64',
      },
    ]);
    register({ architectures: ['arm64'], by: 'anyarch 1: register arm64', qemu: '11.1.3' });
    expect(readWishes(host, state)).toMatchObject([{ credentials: false, qemu: '11.1.3' }]);
  });

  test('stays when somebody else removes the entry', () => {
    const { host, register, wished } = machine();
    register({ architectures: ['arm64', 's390x'] });
    host.binfmt.table().control('qemu-aarch64', '-1');
    register({ architectures: ['s390x'] });
    expect(wished()).toEqual(['aarch64', 's390x']);
  });

  test('counts also where somebody else has it registered', () => {
    const { host, emulators, register, addEntry } = machine();
    const path = '/usr/bin/qemu-riscv64';
    emulators.set('riscv64', install(host, 'riscv64', 'debian', { path, origin: 'system' }));
    host.files.addFile('/usr/lib/binfmt.d/qemu-riscv64.conf', debianRule(path));
    addEntry(debianRule(path));
    const { results } = register({ architectures: ['riscv64'] });
    expect(results).toMatchObject([{ action: 'keep', name: 'qemu-riscv64' }]);
    expect(results[0]?.reason).toContain('systemd-binfmt');
    expect(readWishes(host, state)).toMatchObject([{ architecture: 'riscv64', entry: 'qemu-riscv64' }]);
    unregister(host, { architectures: ['riscv64'] });
    expect(readWishes(host, state)).toEqual([]);
  });

  test('nothing is written where it was asked for before', () => {
    const { host, register } = machine();
    register({ architectures: ['arm64'], by: 'first' });
    host.files.fail({ errno: 'ENOSPC', method: 'writeAtomic' });
    register({ architectures: ['arm64'], by: 'second' });
    expect(readWishes(host, state)).toMatchObject([{ by: 'first' }]);
  });

  test('is not what failed', () => {
    const { host, register, wished } = machine();
    host.files.fail({ errno: 'ENOMEM', method: 'writeOnce', times: 1 });
    expect(register({ architectures: ['arm64', 's390x'] }).outcome).toBe('partial');
    expect(wished()).toEqual(['s390x']);
  });

  test('goes with unregister, before anything is removed', () => {
    const { host, register, wished } = machine();
    register({ architectures: ['arm64', 's390x', 'riscv64'] });
    host.files.fail({ errno: 'EIO', method: 'writeOnce', times: 1 });
    expect(unregister(host, { architectures: ['arm64'] }).outcome).toBe('failed');
    expect(wished()).toEqual(['s390x', 'riscv64']);
    unregister(host, { architectures: 'all', entries: ['qemu-s390x'] });
    expect(wished()).toEqual(['riscv64']);
    unregister(host, { architectures: 'all' });
    expect(wished()).toEqual([]);
  });

  test('goes with unregister though the table is not mounted any more', () => {
    const { host, register, wished } = machine();
    register({ architectures: ['arm64', 's390x'] });
    unregister(
      { ...host, binfmt: { ...host.binfmt, state: () => 'unmounted' } },
      { architectures: ['arm64'] },
    );
    expect(wished()).toEqual(['s390x']);
  });

  test('is replaced by a reset', () => {
    const { host, emulators, register, wished } = machine();
    register({ architectures: ['arm64', 's390x', 'riscv64'] });
    emulators.delete('s390x');
    register({ architectures: ['riscv64', 's390x'], reset: true });
    expect(wished()).toEqual(['s390x', 'riscv64']);
    expect(readLedger(host, state).registrations.map(({ name }) => name)).toEqual([
      'qemu-s390x',
      'qemu-riscv64',
    ]);
  });

  test('is untouched by a dry run', () => {
    const { host, register } = machine();
    register({ architectures: ['arm64'] });
    const before = host.files.read(ledgerPath(state));
    register({ architectures: ['s390x'], reset: true, dryRun: true });
    unregister(host, { architectures: 'all', dryRun: true });
    expect(host.files.read(ledgerPath(state))).toEqual(before);
  });

  test('is forgotten at the next boot', () => {
    const { host, register, wished } = machine();
    register({ architectures: ['arm64'] });
    host.files.addFile('/proc/sys/kernel/random/boot_id', 'another\n');
    expect(wished()).toEqual([]);
    register({ architectures: ['s390x'] });
    expect(readLedger(host, state).wishes.map(({ architecture }) => architecture)).toEqual(['s390x']);
  });
});

describe('what was let go', () => {
  function letGo() {
    const made = machine();
    return { ...made, letGo: () => [...readLetGo(made.host, state)].sort() };
  }

  test('is remembered though nobody had asked for it, until somebody does', () => {
    const { host, register, letGo: gone } = letGo();
    unregister(host, { architectures: ['arm64', 's390x'] });
    unregister(host, { architectures: ['arm64', 'riscv64'] });
    expect(gone()).toEqual(['aarch64', 'riscv64', 's390x']);
    register({ architectures: ['arm64', 's390x'] });
    expect(gone()).toEqual(['riscv64']);
    expect(readLedger(host, state).letGo).toMatchObject([{ architectures: ['riscv64'] }]);
  });

  test('is everything with unregister of all, and what a reset does not want', () => {
    const { host, register, letGo: gone } = letGo();
    register({ architectures: ['arm64'], reset: true });
    expect(gone()).toContain('riscv64');
    expect(gone()).not.toContain('aarch64');
    unregister(host, { architectures: 'all' });
    expect(gone()).toContain('aarch64');
    unregister(host, { architectures: 'all' });
    expect(
      readLedger(host, state)
        .letGo.flatMap(({ architectures }) => architectures)
        .sort(),
    ).toEqual(gone());
  });

  test('stays when what is asked for again fails, and by a dry run', () => {
    const { host, register, letGo: gone } = letGo();
    unregister(host, { architectures: ['arm64'], dryRun: true });
    expect(gone()).toEqual([]);
    unregister(host, { architectures: ['arm64'] });
    register({ architectures: ['arm64'], dryRun: true });
    host.files.fail({ errno: 'ENOMEM', method: 'writeOnce', times: 1 });
    expect(register({ architectures: ['arm64'] }).outcome).toBe('failed');
    expect(gone()).toEqual(['aarch64']);
  });

  test('also where no table is mounted, but nothing is made where there is no state', () => {
    const { host, letGo: gone } = letGo();
    const unmounted = { ...host, binfmt: { ...host.binfmt, state: () => 'unmounted' as const } };
    unregister(unmounted, { architectures: ['arm64'], state: '/elsewhere' });
    expect(host.files.status('/elsewhere')).toBeUndefined();
    unregister(unmounted, { architectures: ['arm64'] });
    expect(gone()).toEqual(['aarch64']);
  });

  test('is forgotten at the next boot', () => {
    const { host, register, letGo: gone } = letGo();
    unregister(host, { architectures: ['arm64'] });
    host.files.addFile('/proc/sys/kernel/random/boot_id', 'another\n');
    expect(gone()).toEqual([]);
    register({ architectures: ['s390x'] });
    expect(readLedger(host, state).letGo).toEqual([]);
  });
});
