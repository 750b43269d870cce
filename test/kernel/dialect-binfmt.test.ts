import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { x86LevelProbe } from '../../src/dialects/binfmt/x86-64-level.ts';
import { binfmt } from '../../src/dialects/index.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import { withProver } from '../../src/registration/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
let table: PrivateTable;
let state: string;

beforeEach(async () => {
  state = temporaryDirectory('state');
  table = await openPrivateTable({
    system: {
      environment: { ...process.env, ANYARCH_HOME: state, QEMU_BINARY_PATH: qemu },
      hostFiles: 'hidden',
    },
  });
});
afterEach(() => table.close());

const run = (...words: string[]) => binfmt({ host: table.host, words, version: '1.2.3' });
const withEnvironment = (environment: Readonly<Record<string, string>>, ...words: string[]) =>
  binfmt({
    host: {
      ...table.host,
      system: { ...table.host.system, environment: { ...table.host.system.environment, ...environment } },
    },
    words,
    version: '1.2.3',
  });
const statusOf = (stdout: string) =>
  JSON.parse(stdout) as { supported: string[]; emulators: string[] | null };
const probe = (architecture: string) =>
  withProver(table.host, state, (prover) => prover.execute([architecture]).get(architecture));
const flagsOf = (name: string) => /^flags: (.*)$/m.exec(table.host.binfmt.table().read(name))?.[1];

const refused = { kind: 'refused', errno: 'ENOEXEC' };
const ran = { kind: 'exited', code: 42 };

describeWith([needs.qemu], "tonistiigi/binfmt's command line on the kernel", () => {
  test('installs, reports what runs, uninstalls: then it runs no more', () => {
    expect(probe('aarch64')).toEqual(refused);
    const installed = run('--install', 'arm64,linux/arm/v7');
    expect(installed).toMatchObject({ exitCode: 0, stderr: 'installing: arm64 OK\ninstalling: arm OK\n' });
    expect(statusOf(installed.stdout).emulators).toEqual(['qemu-aarch64', 'qemu-arm']);
    expect(statusOf(installed.stdout).supported).toEqual(
      expect.arrayContaining(['linux/arm64', 'linux/arm/v7', 'linux/arm/v6']),
    );
    expect(flagsOf('qemu-aarch64')).toBe('OCF');
    expect([probe('aarch64'), probe('arm')]).toEqual([ran, ran]);
    const removed = run('--uninstall', 'qemu-aarch64');
    expect(removed).toMatchObject({ exitCode: 0, stderr: 'uninstalling: qemu-aarch64 OK\n' });
    expect(statusOf(removed.stdout).supported).not.toContain('linux/arm64');
    expect([probe('aarch64'), probe('arm')]).toEqual([refused, ran]);
    expect(run('--uninstall', 'qemu-*')).toMatchObject({
      exitCode: 0,
      stderr: 'uninstalling: qemu-arm OK\n',
    });
    expect(probe('arm')).toEqual(refused);
  });

  test('all: everything that it has rules for, and nothing native', () => {
    const { exitCode, stdout } = run('--install', 'all');
    expect(exitCode).toBe(0);
    const { supported, emulators } = statusOf(stdout);
    const foreign = ['aarch64', 'arm', 'loongarch64', 'mips64', 'mips64el', 'ppc64le', 'riscv64', 's390x'];
    expect(emulators).toEqual(foreign.map((name) => `qemu-${name}`));
    expect(supported.filter((platform) => !platform.startsWith('linux/amd64'))).toEqual([
      'linux/arm64',
      'linux/riscv64',
      'linux/ppc64le',
      'linux/s390x',
      'linux/386',
      'linux/mips64le',
      'linux/mips64',
      'linux/loong64',
      'linux/arm/v7',
      'linux/arm/v6',
    ]);
    expect(foreign.map(probe)).toEqual(foreign.map(() => ran));
    expect(run('--uninstall', 'qemu-*').exitCode).toBe(0);
    expect(foreign.map(probe)).toEqual(foreign.map(() => refused));
  });

  test('QEMU_PRESERVE_ARGV0 adds P; again without, and it is replaced', () => {
    expect(withEnvironment({ QEMU_PRESERVE_ARGV0: '1' }, '--install', 'riscv64').exitCode).toBe(0);
    expect(flagsOf('qemu-riscv64')).toBe('POCF');
    expect(run('--install', 'riscv64').exitCode).toBe(0);
    expect(flagsOf('qemu-riscv64')).toBe('OCF');
    expect(probe('riscv64')).toEqual(ran);
    expect(run('--uninstall', 'riscv64').exitCode).toBe(0);
    expect(probe('riscv64')).toEqual(refused);
  });

  test('the names of the image, and a prefix', () => {
    const directory = temporaryDirectory('emulators');
    mkdirSync(directory, { recursive: true });
    copyFileSync(join(qemu, 'qemu-s390x'), join(directory, 'qemu-s390x-static'));
    copyFileSync(join(qemu, 'qemu-riscv64'), join(directory, 'my-qemu-riscv64'));
    expect(existsSync(join(directory, 'qemu-s390x'))).toBe(false);
    expect(withEnvironment({ QEMU_BINARY_PATH: directory }, '--install', 'all').stderr).toBe(
      'installing: s390x OK\n',
    );
    expect(
      withEnvironment({ QEMU_BINARY_PATH: directory, QEMU_BINARY_PREFIX: 'my-' }, '--install', 'all').stderr,
    ).toBe('installing: riscv64 OK\n');
    expect([probe('s390x'), probe('riscv64')]).toEqual([ran, ran]);
    expect(run('--uninstall', 'qemu-*').exitCode).toBe(0);
    expect([probe('s390x'), probe('riscv64')]).toEqual([refused, refused]);
  });

  test('leaves entries of others byte for byte', () => {
    const theirs = [
      ':jar:M::PK\\x03\\x04::/bin/true:',
      ':qemu-riscv64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xf3\\x00::/opt/other:OC',
    ];
    const kernelTable = table.host.binfmt.table();
    for (const rule of theirs) kernelTable.register(encodeUtf8(rule));
    const before = kernelTable.list().map((name) => kernelTable.read(name));
    expect(run('--install', 'all').exitCode).toBe(0);
    expect(probe('riscv64')).toEqual(ran);
    const { exitCode, stderr } = run('--uninstall', '*');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('uninstalling: jar kept: ');
    expect(kernelTable.list().map((name) => kernelTable.read(name))).toEqual(before);
    expect(run('--uninstall', 'qemu-riscv64').exitCode).toBe(1);
    expect(kernelTable.list()).toContain('qemu-riscv64');
  });

  test('--mount names the table, wherever it is', () => {
    const path = `/proc/${table.pid}/root/proc/sys/fs/binfmt_misc`;
    expect(run('--mount', path, '--install=s390x').exitCode).toBe(0);
    expect(probe('s390x')).toEqual(ran);
    expect(run('--mount', path, '--uninstall=s390x').exitCode).toBe(0);
    expect(probe('s390x')).toEqual(refused);
  });

  test.each([
    ['qemu64', 65],
    ['Nehalem', 66],
    ['max', 66],
  ])('the level of an emulated x86-64 processor: %s', (cpu, code) => {
    const program = join(temporaryDirectory('probe'), 'level');
    writeFileSync(program, x86LevelProbe(), { mode: 0o700 });
    expect(table.host.processes.run([join(qemu, 'qemu-x86_64'), '-cpu', cpu, program]).exitCode).toBe(code);
  });
});
