import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { FakeHostOptions } from '../../host/testing/index.ts';
import { aarch64Pattern } from '../../registration/testing/registration-host.ts';
import { imageHost, type ImageHost } from '../testing/image-host.ts';
import { qus } from './index.ts';
import { readQusWish } from './options.ts';

let image: ImageHost;
const use = (targets?: readonly string[], options?: FakeHostOptions) => {
  image = imageHost(targets, options);
};
beforeEach(() => {
  use();
});

const run = (line: string, environment: Readonly<Record<string, string>> = {}) => {
  const { system } = image.host;
  const host = {
    ...image.host,
    system: { ...system, environment: { ...system.environment, ...environment } },
  };
  return qus({ host, words: line.split(' ').filter((word) => word !== ''), version: '1.2.3' });
};
const names = () => [...image.entries().keys()].sort();
const headOf = (name: string) => image.entries().get(name)?.split('\n').slice(0, 3).join(' ');
const setting = (target: string, path = `/usr/bin/qemu-${target}-static`) =>
  `Setting ${path} as binfmt interpreter for ${target}\n`;

describe('the literal command lines of its README and tests', () => {
  test('-s -- -p: all that there are emulators for', () => {
    expect(run('-s -- -p')).toEqual({
      exitCode: 0,
      stdout: ['s390x', 'aarch64', 'riscv64'].map((target) => setting(target)).join(''),
      stderr: '',
    });
    expect(names()).toEqual(['qemu-aarch64', 'qemu-riscv64', 'qemu-s390x']);
    expect(headOf('qemu-aarch64')).toBe('enabled interpreter /usr/bin/qemu-aarch64-static flags: F');
  });

  test('-s -- -p aarch64', () => {
    expect(run('-s -- -p aarch64')).toEqual({ exitCode: 0, stdout: setting('aarch64'), stderr: '' });
    expect(names()).toEqual(['qemu-aarch64']);
  });

  test('-- -r, in another container', () => {
    run('-s -- -p');
    image.forget();
    expect(run('-- -r')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: expect.stringMatching(/^anyarch: removed, and replaced by nothing: [^\n]*\n$/) as string,
    });
    expect(names()).toEqual([]);
    expect(run('-- -r').exitCode).toBe(0);
  });

  test('-s -- aarch64: looked up in each container, flags none', () => {
    use([]);
    expect(run('-s -- aarch64')).toEqual({ exitCode: 0, stdout: setting('aarch64'), stderr: '' });
    expect(headOf('qemu-aarch64')).toBe('enabled interpreter /usr/bin/qemu-aarch64-static flags: ');
  });

  test('-- aarch64: the name without -static', () => {
    expect(run('-- aarch64').stdout).toBe(setting('aarch64', '/usr/bin/qemu-aarch64'));
    expect(headOf('qemu-aarch64')).toBe('enabled interpreter /usr/bin/qemu-aarch64 flags: ');
  });

  test('-l -- -t: a list, and nothing done', () => {
    run('-s -- -p s390x');
    const { exitCode, stdout, stderr } = run('-l -- -t');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(
      /^total 0\n(d.{9} +2 root +root +\d+ \w{3} [ \d]\d +(\d\d:\d\d|\d{4}) \.{1,2}\n){2}(-.{9} +1 root +root +\d+ .{12} [-\w]+\n){3}$/,
    );
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => line.split(' ').at(-1)),
    ).toEqual(['0', '.', '..', 'qemu-s390x', 'register', 'status']);
    expect(names()).toEqual(['qemu-s390x']);
  });

  test('QEMU_BIN_DIR with the register image', () => {
    image.host.addProgram('/emulators/qemu-aarch64-static');
    image.host.processes.on(['/emulators/qemu-aarch64-static', '--version'], {
      stdout: 'qemu-aarch64 version 7.1.0\n',
    });
    expect(run('-s -- -p aarch64', { QEMU_BIN_DIR: '/emulators' }).exitCode).toBe(0);
    expect(headOf('qemu-aarch64')).toBe('enabled interpreter /emulators/qemu-aarch64-static flags: F');
    expect(run('-s -- aarch64', { QEMU_BIN_DIR: '/qus/bin' }).exitCode).toBe(0);
    expect(headOf('qemu-aarch64')).toBe('enabled interpreter /qus/bin/qemu-aarch64-static flags: ');
  });

  test.each(['-h', '--help', '-help', '-s -h', '-- -h'])('%s', (line) => {
    const { exitCode, stdout, stderr } = run(line);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('[--help][--interactive][--list][--static][-- ARGS]\n');
    expect(names()).toEqual([]);
  });
});

describe('registering', () => {
  test.each([
    ['-s -- -p -c aarch64', 'OCF'],
    ['-s -- -cp aarch64', 'OCF'],
    ['--static -- --credential aarch64', 'OC'],
    ['-static -- --persistent --preserve-argv0 aarch64', 'PF'],
    ['-- --pers --suffix=-static aarch64', 'F'],
    ['-- -p -F -static aarch64', 'F'],
    ['-- -p -S -static -Q /usr/bin aarch64', 'F'],
    ['-- -p aarch64', 'F'],
    ['-s -- -p arm64', 'F'],
    ['-s -- -p linux/arm64', 'F'],
  ])('%s sets the flags %s', (line, flags) => {
    expect(run(line)).toEqual({ exitCode: 0, stdout: setting('aarch64'), stderr: '' });
    expect(headOf('qemu-aarch64')).toBe(`enabled interpreter /usr/bin/qemu-aarch64-static flags: ${flags}`);
  });

  test('its environment', () => {
    const environment = { QEMU_TARGETS: 'aarch64 s390x', QEMU_PERSISTENT: 'yes', QEMU_SUFFIX: '-static' };
    expect(run('', environment).stdout).toBe(setting('s390x') + setting('aarch64'));
    expect(run('', { QEMU_CLEAR: 'yes', QEMU_TARGETS: 's390x' }).exitCode).toBe(0);
    expect(names()).toEqual(['qemu-aarch64']);
    run('-- -r', { QEMU_TEST: 'yes' });
    expect(names()).toEqual(['qemu-aarch64']);
  });

  test('words that one argument holds are taken apart, as a shell does it', () => {
    expect(qus({ host: image.host, words: ['-s -- -p', 'aarch64  s390x'], version: '1' }).exitCode).toBe(0);
    expect(names()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  });

  test('again, and over what others of its kind made: replaced', () => {
    image.addEntry(`:qemu-aarch64:${aarch64Pattern}:/qus/bin/qemu-aarch64-static:`);
    for (let round = 0; round < 2; round++) {
      expect(run('-s -- -p aarch64')).toEqual({ exitCode: 0, stdout: setting('aarch64'), stderr: '' });
      expect(names()).toEqual(['qemu-aarch64']);
      image.forget();
    }
  });

  test("what runs natively is left out, with a note for who names it; the machine's family is not", () => {
    expect(run('-s -- -p i386 x86_64 aarch64')).toEqual({
      exitCode: 0,
      stdout: setting('aarch64'),
      stderr:
        'anyarch: i386 is left out: this kernel runs its programs natively\n' +
        'anyarch: x86_64 is left out: this kernel runs its programs natively\n',
    });
    use(['i386'], { executor: { native: ['x86_64'] } });
    expect(run('-s -- -p').exitCode).toBe(0);
    expect(names()).toEqual(['qemu-i386']);
    use(['i386', 'arm', 'ppc64']);
    expect(run('-s -- -p', { HOST_ARCH: 'aarch64' }).exitCode).toBe(0);
    expect(names()).toEqual(['qemu-ppc64']);
    expect(() => run('-s', { HOST_ARCH: 'vax' })).toThrowWithCode('ANYARCH_HOST_UNSUPPORTED');
  });

  test('a named target without an emulator, and none at all', () => {
    const { exitCode, stderr } = run('-s -- -p aarch64 sparc64');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('anyarch: sparc64: there is no /usr/bin/qemu-sparc64-static');
    expect(run('-s -- -p sparc64').exitCode).toBe(1);
    expect(() => run('-s -- -p', { QEMU_BIN_DIR: '/empty' })).toThrowWithCode('ANYARCH_EMULATOR_NOT_FOUND');
  });

  test('without words: everything, without flags', () => {
    const { exitCode, stdout } = run('');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(setting('hppa', '/usr/bin/qemu-hppa'));
    expect(names().length).toBeGreaterThan(25);
  });
});

describe('clearing', () => {
  test("leaves the distribution's: noted without a name, an error with it", () => {
    image.addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:OPF`);
    image.addEntry(':jar:M::PK::/usr/bin/jexec:');
    expect(run('-s -- -p aarch64 s390x').stderr).toContain('aarch64 is registered as anyarch-aarch64');
    const all = run('-- -r');
    expect(all.exitCode).toBe(0);
    expect(all.stderr).toMatch(/^anyarch: qemu-aarch64: kept: /);
    const named = run('-- -r aarch64');
    expect(named.exitCode).toBe(1);
    expect(named.stderr).toContain('[ANYARCH_ENTRY_OF_OTHERS]');
    expect(names()).toEqual(['jar', 'qemu-aarch64']);
  });

  test('only the named ones; with -t none', () => {
    run('-s -- -p');
    expect(run('-- -r -t').exitCode).toBe(0);
    expect(names()).toHaveLength(3);
    expect(run('-- --clear s390x')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(names()).toEqual(['qemu-aarch64', 'qemu-riscv64']);
  });
});

describe('the other things that it does', () => {
  test('-l alone lists and registers nothing', () => {
    for (const line of ['-l', '--list', '-list']) expect(run(line).stdout).toMatch(/^total 0\n/);
    expect(names()).toEqual([]);
    expect(run('-s -l').stdout).toMatch(/^Setting [^]*\ntotal 0\n/);
  });

  test('-i executes a command where there is a shell', () => {
    expect(() => run('-i ls')).toThrowWithCode('ANYARCH_FILE');
    expect(() => run('-i')).toThrowWithCode('ANYARCH_USAGE');
    image.host.addProgram('/bin/sh');
    image.host.processes.on(['/bin/sh', '-c', 'ls -la /'], { exitCode: 7, stdout: 'out', stderr: 'err' });
    expect(run('-i ls -la /')).toEqual({ exitCode: 7, stdout: 'out', stderr: 'err' });
  });

  test('-- -s and -- -d write files', () => {
    image.host.files.addDirectory('/etc/binfmt.d');
    expect(run('-s -- -s -p aarch64 s390x')).toMatchObject({
      exitCode: 0,
      stdout: ['aarch64', 's390x']
        .map((target) => setting(target).replace('\n', ' for systemd-binfmt.service\n'))
        .join(''),
    });
    expect(decodeUtf8(image.host.files.read('/etc/binfmt.d/qemu-s390x.conf'))).toMatch(
      /^:qemu-s390x:M::.*:\/usr\/bin\/qemu-s390x-static:F\n$/,
    );
    image.host.files.addDirectory('/out');
    expect(run('-- -d -e /out aarch64').exitCode).toBe(0);
    expect(image.host.files.list('/out')).toEqual(['qemu-aarch64']);
    expect(run('-- -t -d -e /out s390x').exitCode).toBe(0);
    expect(image.host.files.list('/out')).toEqual(['qemu-aarch64']);
    expect(names()).toEqual([]);
  });
});

describe('wrong usage', () => {
  test.each([
    '-x',
    '--nonsense',
    'aarch64',
    '-s aarch64',
    '-- -x',
    '-- -s -d',
    '-- -r -s',
    '-- -Q bin',
    '-s -- vax',
  ])('%s', (line) => {
    const { exitCode, stdout, stderr } = run(line);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: [^]*\nerror: .* \[ANYARCH_(USAGE|UNKNOWN_ARCHITECTURE)\].*\n$/);
    expect(names()).toEqual([]);
  });

  test('any words at all are understood or refused', () => {
    const word = fc.oneof(
      fc.constantFrom(
        '-s',
        '-l',
        '-i',
        '-h',
        '--',
        '-p',
        '-c',
        '-r',
        '-t',
        '-F',
        '-d',
        '--path=/x',
        'aarch64',
        'arm64',
      ),
      fc.string(),
    );
    const isUnderstood = (words: readonly string[]): boolean => {
      try {
        return typeof readQusWish(words, {}).help === 'boolean';
      } catch (error) {
        return error instanceof AnyarchError;
      }
    };
    fc.assert(fc.property(fc.array(word), isUnderstood));
  });

  test('what stands behind -- never changes what stands before it', () => {
    const targets = fc.subarray(['aarch64', 's390x', 'ppc64le', 'i486'], { minLength: 1 });
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), targets, (isStatic, list, persistent, named) => {
        const words = [
          ...(isStatic ? ['-s'] : []),
          ...(list ? ['-l'] : []),
          '--',
          ...(persistent ? ['-p'] : []),
          ...named,
        ];
        const wish = readQusWish(words, {});
        expect(wish).toMatchObject({
          list,
          script: { mode: 'register', targets: named, persistent, suffix: isStatic ? '-static' : '' },
        });
      }),
    );
  });
});
