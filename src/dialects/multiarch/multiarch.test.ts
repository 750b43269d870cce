import { beforeEach, describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../core/text.ts';
import type { FakeHost } from '../../host/testing/index.ts';
import { registrationHost, type RegistrationHost } from '../../registration/testing/registration-host.ts';
import { aarch64Pattern } from '../../registration/testing/registration-host.ts';
import type { DialectOutcome } from '../dialect.ts';
import { addEmulator } from '../testing/image-host.ts';
import { multiarch } from './multiarch.ts';

let machine: RegistrationHost;
let host: FakeHost;
beforeEach(() => {
  machine = registrationHost([]);
  ({ host } = machine);
});

const addEmulators = (targets: readonly string[]): void => {
  for (const target of targets) addEmulator(host, target, '/usr/bin');
};

const run = (...words: string[]): DialectOutcome => multiarch({ host, words, version: '1.0.0' });

const withEnvironment = (environment: Record<string, string>, ...words: string[]): DialectOutcome =>
  multiarch({
    host: {
      ...host,
      system: { ...host.system, environment: { ...host.system.environment, ...environment } },
    },
    words,
    version: '1.0.0',
  });

const flagsOf = (name: string): string | undefined =>
  /^flags: (.*)$/m.exec(machine.entries().get(name) ?? '')?.[1];

const all = [
  'alpha arm armeb sparc sparc32plus sparc64 ppc ppc64 ppc64le m68k mips mipsel mipsn32 mipsn32el mips64 mips64el',
  'sh4 sh4eb s390x aarch64 aarch64_be hppa riscv32 riscv64 xtensa xtensaeb microblaze microblazeel or1k hexagon',
  'loongarch64',
].flatMap((line) => line.split(' '));

const settingLines = (
  targets: readonly string[],
  path = (target: string) => `/usr/bin/qemu-${target}-static`,
) => targets.map((target) => `Setting ${path(target)} as binfmt interpreter for ${target}\n`).join('');

describe('registering', () => {
  test('--reset -p yes: everything but the own family, in the order of the script', () => {
    addEmulators([...all, 'i386', 'x86_64']);
    expect(run('--reset', '-p', 'yes')).toEqual({ exitCode: 0, stdout: settingLines(all), stderr: '' });
    expect([...machine.entries().keys()].toSorted()).toEqual(all.map((name) => `qemu-${name}`).toSorted());
    expect(machine.entries().get('qemu-aarch64')).toBe(
      'enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: F\noffset 0\n' +
        'magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n',
    );
  });

  test.each([
    [[], ''],
    [['-p', 'no'], ''],
    [['--persistent=yes'], 'F'],
    [['-pyes', '-cyes'], 'OCF'],
    [['--cred', 'yes'], 'OC'],
    [['-g', 'yes'], 'P'],
    [['-c', 'yes', '-p', 'yes', '--preserve-argv0', 'yes'], 'POCF'],
    [['-p', 'yes', '-p', 'no'], ''],
  ])('%j sets exactly the flags %j', (words, flags) => {
    addEmulators(all);
    expect(run(...words)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(flagsOf('qemu-s390x')).toBe(flags);
  });

  test('an image without emulators registers paths, for containers that have them', () => {
    expect(run('--reset')).toEqual({ exitCode: 0, stdout: settingLines(all), stderr: '' });
    expect(machine.entries().size).toBe(all.length);
    expect(flagsOf('qemu-aarch64')).toBe('');
  });

  test('but cannot pin what is not there', () => {
    const outcome = run('--reset', '-p', 'yes');
    expect(outcome).toMatchObject({ exitCode: 1, stdout: settingLines(all) });
    expect(outcome.stderr).toContain(
      'anyarch: aarch64: there is no /usr/bin/qemu-aarch64-static, and flag F opens it now [ANYARCH_EMULATOR_NOT_FOUND]\n',
    );
    expect(outcome.stderr.match(/next:/g)).toHaveLength(1);
    expect(machine.entries().size).toBe(0);
  });

  test('an image of a few architectures pins what it has', () => {
    addEmulators(['aarch64', 's390x']);
    expect(run('--reset', '-p', 'yes')).toEqual({
      exitCode: 0,
      stdout: settingLines(['s390x', 'aarch64']),
      stderr: 'left out 29 targets that /usr/bin has no emulator for\n',
    });
    expect([...machine.entries().keys()].toSorted()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  });

  test('what fails for some is partly done', () => {
    addEmulators(['aarch64', 's390x', 'riscv64']);
    host.files.remove('/usr/share/anyarch/emulators/riscv64.json');
    host.files.addFile('/usr/bin/qemu-riscv64-static', 'no program', { mode: 0o755 });
    expect(run('--reset', '-p', 'yes')).toMatchObject({ exitCode: 3 });
    expect([...machine.entries().keys()].toSorted()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  });

  test('paths: options before QEMU_BIN_DIR before QEMU_PATH', () => {
    withEnvironment({ QEMU_PATH: '/q' }, '--reset');
    expect(machine.entries().get('qemu-arm')).toContain('interpreter /q/qemu-arm-static\n');
    withEnvironment({ QEMU_PATH: '/q', QEMU_BIN_DIR: '/b' }, '--reset', '-F', '');
    expect(machine.entries().get('qemu-arm')).toContain('interpreter /b/qemu-arm\n');
    withEnvironment({ QEMU_BIN_DIR: '/b' }, '--reset', '-Q/x/', '--qemu-suffix', '-s');
    expect(machine.entries().get('qemu-arm')).toContain('interpreter /x//qemu-arm-s\n');
  });

  test('--ignore-family: what runs natively is left out all the same', () => {
    const outcome = run('-i', 'yes');
    expect(outcome).toEqual({
      exitCode: 0,
      stdout: settingLines(all),
      stderr: 'anyarch: i386 is left out: this kernel runs its programs natively\n',
    });
    const other = registrationHost([], { executor: { native: ['x86_64'] } });
    multiarch({ host: other.host, words: ['-iyes'], version: '1.0.0' });
    expect(other.entries().has('qemu-i386')).toBe(true);
    expect(other.entries().has('qemu-x86_64')).toBe(false);
  });

  test('HOST_ARCH stands for uname', () => {
    withEnvironment({ HOST_ARCH: 'ppc64el' });
    expect(machine.entries().has('qemu-ppc64le')).toBe(false);
    expect(machine.entries().has('qemu-ppc64')).toBe(true);
    expect(() => withEnvironment({ HOST_ARCH: 'vax' })).toThrowWithCode('ANYARCH_HOST_UNSUPPORTED');
  });

  test('words without a meaning are named', () => {
    expect(run('--reset', 'arm64')).toMatchObject({
      exitCode: 0,
      stderr: 'anyarch: "arm64" means nothing here and is ignored\n',
    });
  });

  test('a symbolic link is registered as it is written', () => {
    host.addProgram('/opt/qemu/qemu-aarch64');
    host.files.addLink('/usr/bin/qemu-aarch64-static', '/opt/qemu/qemu-aarch64');
    host.processes.on(['/opt/qemu/qemu-aarch64'], { stdout: 'qemu-aarch64 version 9.2.0\n' });
    run('-p', 'yes');
    expect(machine.entries().get('qemu-aarch64')).toContain('interpreter /usr/bin/qemu-aarch64-static\n');
  });

  test('-c yes refuses an emulator that others than root can replace', () => {
    addEmulators(['aarch64']);
    host.files.addDirectory('/usr/bin', { uid: 1000 });
    const { stderr } = run('-c', 'yes', '-p', 'yes');
    expect(stderr).toContain('[ANYARCH_EMULATOR_UNTRUSTED]\n  next: let root own the emulator');
    expect(machine.entries().size).toBe(0);
  });

  test('a file that is no emulator is not pinned', () => {
    host.files.addFile('/usr/bin/qemu-aarch64-static', '#!/bin/sh\n', { mode: 0o755 });
    expect(run('-p', 'yes').stderr).toContain(
      '/usr/bin/qemu-aarch64-static cannot be registered: it is no program',
    );
  });
});

describe('entries that are there', () => {
  beforeEach(() => {
    addEmulators(all);
  });

  test('exactly what is wanted is kept', () => {
    run('-p', 'yes');
    const before = [...machine.entries()];
    expect(run('-p', 'yes')).toEqual({ exitCode: 0, stdout: settingLines(all), stderr: '' });
    expect([...machine.entries()]).toEqual(before);
  });

  test("the predecessor's own pattern is one of them", () => {
    machine.addEntry(
      ':qemu-s390x:M::\\x7fELF\\x02\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x16:' +
        '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff:/usr/bin/qemu-s390x-static:F',
    );
    expect(run('-p', 'yes')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(machine.entries().get('qemu-s390x')).toContain('mask ffffffffffffff00');
  });

  test.each([
    [`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:`, 'has the flags "" instead of "F"'],
    [`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64:F`, 'starts /usr/bin/qemu-aarch64'],
    [':qemu-aarch64:M::AB::/usr/bin/qemu-aarch64-static:F', 'has another pattern'],
  ])('what is not, stays and is reported: %s', (rule, difference) => {
    host.addProgram('/usr/bin/qemu-aarch64');
    machine.addEntry(rule);
    const before = machine.entries().get('qemu-aarch64');
    const outcome = run('-p', 'yes');
    expect(outcome).toMatchObject({ exitCode: 3, stdout: settingLines(all) });
    expect(outcome.stderr).toBe(
      `anyarch: aarch64: File exists: the entry qemu-aarch64 ${difference}; it stays as it is [ANYARCH_REGISTER_FAILED]\n  next: repeat it with --reset\n`,
    );
    expect(machine.entries().get('qemu-aarch64')).toBe(before);
    expect(machine.entries().size).toBe(all.length);
  });

  test('--reset clears the way, anywhere in the line, and leaves what is of others', () => {
    machine.addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:`);
    machine.addEntry(':qemu-cris:M::CRIS::/usr/bin/qemu-cris-static:');
    machine.addEntry(':jar:M::PK::/usr/bin/qemu-aarch64-static:');
    expect(run('-p', 'yes', '--reset')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(flagsOf('qemu-aarch64')).toBe('F');
    expect(machine.entries().has('jar')).toBe(true);
    expect(machine.entries().has('qemu-cris')).toBe(false);
  });

  test("the distribution's keeps its name", () => {
    host.files.addFile(
      '/usr/lib/binfmt.d/qemu-aarch64.conf',
      `:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:OPF\n`,
    );
    machine.addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:OPF`);
    expect(run('--reset', '-p', 'yes')).toMatchObject({
      exitCode: 0,
      stderr: 'anyarch: aarch64 is registered as anyarch-aarch64: qemu-aarch64 is of others and stays\n',
    });
    expect(flagsOf('qemu-aarch64')).toBe('POF');
    expect(flagsOf('anyarch-aarch64')).toBe('F');
  });
});

describe('templates', () => {
  beforeEach(() => {
    host.files.addDirectory('/etc/binfmt.d');
  });
  const written = (path: string): string => decodeUtf8(host.files.read(path));

  test('--systemd CPU', () => {
    expect(run('--systemd', 'aarch64', '-p', 'yes')).toEqual({
      exitCode: 0,
      stdout:
        'Setting /usr/bin/qemu-aarch64-static as binfmt interpreter for aarch64 for systemd-binfmt.service\n',
      stderr: '',
    });
    expect(host.files.list('/etc/binfmt.d')).toEqual(['qemu-aarch64.conf']);
    expect(written('/etc/binfmt.d/qemu-aarch64.conf')).toMatch(
      /^:qemu-aarch64:M::.*:\/usr\/bin\/qemu-aarch64-static:F\n$/,
    );
    expect(machine.entries().size).toBe(0);
  });

  test('--systemd ALL has i486 too, where it is foreign', () => {
    host.files.addDirectory('/out');
    expect(
      withEnvironment({ HOST_ARCH: 'aarch64' }, '-s', 'ALL', '-e', '/out').stdout.split('\n'),
    ).toHaveLength(33);
    expect(written('/out/qemu-i486.conf')).toContain(':/usr/bin/qemu-i386-static:\n');
  });

  test('--debian prints nothing', () => {
    host.files.addDirectory('/out');
    expect(withEnvironment({ EXPORTDIR: '/out' }, '-d')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(host.files.list('/out')).toHaveLength(all.length);
    expect(written('/out/qemu-arm')).toMatch(/^package qemu-arm\ninterpreter \/usr\/bin\/qemu-arm-static\n/);
  });

  test('--reset clears the table first', () => {
    run();
    expect(run('--reset', '--systemd', 'arm')).toMatchObject({ exitCode: 0 });
    expect(machine.entries().size).toBe(0);
  });

  test('nothing is written for the own family, in a directory that is missing, or full', () => {
    expect(() => run('-s', 'x86_64')).toThrowWithCode('ANYARCH_NATIVE_ARCHITECTURE');
    expect(() => run('-d')).toThrowWithCode('ANYARCH_FILE');
    host.files.fail({ errno: 'ENOSPC', method: 'writeAtomic', times: 1 });
    expect(() => run('-s', 'ALL')).toThrowWithCode('ANYARCH_DISK_FULL');
    host.files.fail({ errno: 'EROFS', method: 'writeAtomic', times: 1 });
    expect(() => run('-s', 'ALL')).toThrowWithCode('ANYARCH_PERMISSION');
    expect(host.files.list('/etc/binfmt.d')).toEqual([]);
  });
});

test.each([
  [['-p', 'true'], 'ANYARCH_USAGE', 'takes yes or no'],
  [['-p'], 'ANYARCH_USAGE', 'needs a value'],
  [['--pre', 'yes', '--per', 'no', '--x'], 'ANYARCH_USAGE', 'unknown option "--x"'],
  [['-S', 'x'], 'ANYARCH_USAGE', 'unknown option "-S"'],
  [['-Q', 'bin'], 'ANYARCH_USAGE', 'the path of the interpreters is "bin"'],
  [['-F', 'a\n'], 'ANYARCH_USAGE', 'suffix'],
  [['-d', '-s', 'ALL'], 'ANYARCH_USAGE', 'exclude each other'],
  [['-s', 'arm', '-s', 'ppc'], 'ANYARCH_USAGE', 'more than once'],
  [['-s', 'aarch'], 'ANYARCH_UNKNOWN_ARCHITECTURE', '"aarch"'],
] as const)('%j is refused before anything is done', (words, code, message) => {
  const refused = () => run('--reset', ...words);
  expect(refused).toThrowWithCode(code);
  expect(refused).toThrow(message);
  expect(machine.entries().size).toBe(0);
});

test('--help does nothing', () => {
  const { exitCode, stdout } = run('--reset', '-h');
  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/^Usage: docker run .*\n[^]*--persistent yes\|no/);
  expect(machine.entries().size).toBe(0);
});

test('PROC_PREFIX: the table is where /proc is mounted', () => {
  const other = registrationHost([], { binfmt: { path: '/host/proc/sys/fs/binfmt_misc' } });
  const hidden = { ...other.host, binfmt: { ...host.binfmt, path: '/proc/sys/fs/binfmt_misc' } };
  const environment = { ...other.host.system.environment, PROC_PREFIX: '/host' };
  multiarch({ host: { ...hidden, system: { ...hidden.system, environment } }, words: [], version: '1.0.0' });
  expect(other.entries().size).toBe(all.length);
  expect(machine.entries().size).toBe(0);
});
