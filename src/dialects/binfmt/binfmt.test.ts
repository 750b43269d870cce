import { beforeEach, describe, expect, test } from 'vitest';
import { aarch64Pattern } from '../../registration/testing/registration-host.ts';
import type { FakeHostOptions } from '../../host/testing/index.ts';
import { imageHost, type ImageHost } from '../testing/image-host.ts';
import { binfmt } from './index.ts';

let image: ImageHost;
const use = (targets?: readonly string[], options?: FakeHostOptions) => {
  image = imageHost(targets, options);
};
const run = (...words: string[]) => binfmt({ host: image.host, words, version: '1.2.3' });
const statusOf = (stdout: string) =>
  JSON.parse(stdout) as { supported: string[]; emulators: string[] | null };
const names = () => [...image.entries().keys()].sort();

beforeEach(() => {
  use();
});

describe('the literal command lines of its README', () => {
  test('without words: the status, in the layout of Go', () => {
    expect(run()).toEqual({
      exitCode: 0,
      stdout: '{\n  "supported": [\n    "linux/amd64",\n    "linux/386"\n  ],\n  "emulators": null\n}\n',
      stderr: '',
    });
  });

  test('--install all', () => {
    expect(run('--install', 'all')).toEqual({
      exitCode: 0,
      stdout: `{
  "supported": [
    "linux/amd64",
    "linux/arm64",
    "linux/riscv64",
    "linux/s390x",
    "linux/386"
  ],
  "emulators": [
    "qemu-aarch64",
    "qemu-riscv64",
    "qemu-s390x"
  ]
}
`,
      stderr: 'installing: arm64 OK\ninstalling: riscv64 OK\ninstalling: s390x OK\n',
    });
    expect(image.entries().get('qemu-aarch64')).toContain(
      'enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: OCF\n',
    );
  });

  test('--install arm64,riscv64,arm: what there is no emulator for is an error', () => {
    const { exitCode, stdout, stderr } = run('--install', 'arm64,riscv64,arm');
    expect(exitCode).toBe(3);
    expect(statusOf(stdout).emulators).toEqual(['qemu-aarch64', 'qemu-riscv64']);
    expect(stderr.split('\n')).toEqual([
      'installing: arm64 OK',
      'installing: riscv64 OK',
      expect.stringMatching(
        /^installing: arm there is no emulator for arm .*\[ANYARCH_EMULATOR_NOT_FOUND\]; next: /,
      ),
      expect.stringMatching(/^error: 1 of 3 failed: installing: arm .*ANYARCH_EMULATOR_NOT_FOUND/),
      '',
    ]);
  });

  test('--uninstall qemu-aarch64, in another container', () => {
    run('--install', 'all');
    image.forget();
    const { exitCode, stdout, stderr } = run('--uninstall', 'qemu-aarch64');
    expect([exitCode, stderr]).toEqual([
      0,
      'uninstalling: qemu-aarch64 OK\nanyarch: removed, and replaced by nothing: qemu-aarch64 (/usr/bin/qemu-aarch64-static); ' +
        'to keep those that a distribution made, show its files: -v /:/host:ro\n',
    ]);
    expect(statusOf(stdout)).toEqual({
      supported: ['linux/amd64', 'linux/riscv64', 'linux/s390x', 'linux/386'],
      emulators: ['qemu-riscv64', 'qemu-s390x'],
    });
  });

  test('--uninstall qemu-*', () => {
    run('--install', 'all');
    image.forget();
    const { exitCode, stdout, stderr } = run('--uninstall', 'qemu-*');
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(
      /^uninstalling: qemu-aarch64 OK\nuninstalling: qemu-riscv64 OK\nuninstalling: qemu-s390x OK\nanyarch: removed, [^\n]*\n$/,
    );
    expect(statusOf(stdout).emulators).toBe(null);
    expect(run('--uninstall', 'qemu-*')).toMatchObject({
      exitCode: 0,
      stderr: 'uninstalling: qemu-* not found\n',
    });
  });

  test('--version goes to stderr', () => {
    expect(run('--version')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'binfmt/1.2.3 qemu/v11.1.3 anyarch/1.2.3\n',
    });
    use([]);
    expect(run('-version', '--install', 'all').stderr).toBe('binfmt/1.2.3 qemu/unknown anyarch/1.2.3\n');
    expect(names()).toEqual([]);
  });

  test('its own test: uninstall by platform, two at a time', () => {
    run('--install', 'all');
    expect(run('--uninstall', 'aarch64,riscv64').stderr).toBe(
      'uninstalling: aarch64 OK\nuninstalling: riscv64 OK\n',
    );
    expect(names()).toEqual(['qemu-s390x']);
  });
});

describe('docker/setup-qemu-action', () => {
  test('every command that it runs ends well on a machine without entries', () => {
    for (const words of [['--version'], ['--uninstall', 'qemu-*'], ['--install', 'all'], []])
      expect(run(...words).exitCode).toBe(0);
    expect(statusOf(run().stdout).supported.join(',')).toBe(
      'linux/amd64,linux/arm64,linux/riscv64,linux/s390x,linux/386',
    );
  });

  test('the machine’s own platform may be listed', () => {
    const { exitCode, stderr } = run('--install', 'linux/amd64,linux/arm64,386');
    expect([exitCode, stderr]).toEqual([
      0,
      'installing: amd64 OK (this machine runs it natively)\n' +
        'installing: 386 OK (this machine runs it natively)\ninstalling: arm64 OK\n',
    ]);
    expect(names()).toEqual(['qemu-aarch64']);
  });

  test('the last line tells what has failed', () => {
    use(undefined, {
      system: { uid: 1000, environment: { HOME: '/home/u' } },
      binfmt: { state: 'unmounted' },
    });
    const { exitCode, stdout, stderr } = run('--install', 'all');
    expect([exitCode, stdout]).toEqual([4, '']);
    expect(stderr.trim().split('\n').at(-1)).toMatch(
      /^error: .*\[ANYARCH_PERMISSION\]; next: docker run -v /,
    );
  });
});

describe('--install', () => {
  test.each([
    ['arm64', 'qemu-aarch64'],
    ['aarch64', 'qemu-aarch64'],
    ['ARM64', 'qemu-aarch64'],
    ['linux/arm64', 'qemu-aarch64'],
    ['linux/arm64/v8', 'qemu-aarch64'],
    ['linux/arm64/v9.2', 'qemu-aarch64'],
    ['linux/arm/v6', 'qemu-arm'],
    ['linux/arm/7', 'qemu-arm'],
    ['armhf', 'qemu-arm'],
    ['mips64le', 'qemu-mips64el'],
    ['loong64', 'qemu-loongarch64'],
    ['hppa', 'qemu-hppa'],
    [' ,riscv64 ', 'qemu-riscv64'],
  ])('takes %s', (word, entry) => {
    use(['aarch64', 'arm', 'mips64el', 'loongarch64', 'hppa', 'riscv64']);
    expect(run('--install', word).exitCode).toBe(0);
    expect(names()).toEqual([entry]);
  });

  test.each(['nonsense', 'windows/arm64', 'linux/arm64/v8/x', 'linux', '*'])('does not know %s', (word) => {
    const { exitCode, stdout, stderr } = run('--install', word);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `installing: ${word} unsupported architecture: "${word}" [ANYARCH_UNKNOWN_ARCHITECTURE]`,
    );
    expect(statusOf(stdout).emulators).toBe(null);
  });

  test('twice, and over what its predecessors made: replaced, under the same name', () => {
    image.host.addProgram('/usr/bin/qemu-aarch64', 'old');
    image.addEntry(`:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64:OCF`);
    image.host.files.remove('/usr/bin/qemu-aarch64');
    for (let round = 0; round < 2; round++) {
      expect(run('--install', 'arm64')).toMatchObject({ exitCode: 0, stderr: 'installing: arm64 OK\n' });
      expect(names()).toEqual(['qemu-aarch64']);
      expect(image.entries().get('qemu-aarch64')).toContain('/usr/bin/qemu-aarch64-static\nflags: OCF');
      image.forget();
    }
  });

  test('all leaves what somebody else runs already; by name it is put before it', () => {
    image.host.addProgram('/opt/rosetta');
    image.addEntry(`:rosetta:${aarch64Pattern}:/opt/rosetta:OCF`);
    const { exitCode, stderr } = run('--install', 'all');
    expect([exitCode, stderr]).toEqual([
      0,
      'installing: arm64 not needed, rosetta of others runs it\ninstalling: riscv64 OK\ninstalling: s390x OK\n',
    ]);
    expect(run('--install', 'arm64').stderr).toBe('installing: arm64 OK (before rosetta of others)\n');
    expect(names()).toEqual(['qemu-aarch64', 'qemu-riscv64', 'qemu-s390x', 'rosetta']);
  });

  test('QEMU_PRESERVE_ARGV0 adds P, QEMU_BINARY_PATH and QEMU_BINARY_PREFIX choose', () => {
    const environment = {
      QEMU_PRESERVE_ARGV0: '1',
      QEMU_BINARY_PATH: '/opt/',
      QEMU_BINARY_PREFIX: 'buildkit-',
    };
    use([], { system: { environment } });
    const path = '/opt/buildkit-qemu-aarch64';
    image.host.addProgram(path);
    image.host.processes.on([path, '--version'], { stdout: 'qemu-aarch64 version 11.0.2\n' });
    expect(run('--install', 'all')).toMatchObject({ exitCode: 0, stderr: 'installing: arm64 OK\n' });
    expect(image.entries().get('qemu-aarch64')).toContain(`interpreter ${path}\nflags: POCF\n`);
  });

  test('with flag C, an emulator that others than root can replace is refused', () => {
    use(['s390x'], { system: { environment: { QEMU_BINARY_PATH: '/opt' } } });
    image.host.files.addDirectory('/opt', { uid: 1000 });
    image.host.addProgram('/opt/qemu-aarch64');
    image.host.processes.on(['/opt/qemu-aarch64', '--version'], { stdout: 'qemu-aarch64 version 11.0.2\n' });
    const { exitCode, stderr } = run('--install', 'arm64');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('[ANYARCH_EMULATOR_UNTRUSTED]; next: let root own');
    expect(names()).toEqual([]);
  });

  test('all, where there is no emulator at all, says where it has looked', () => {
    use([], { system: { environment: { QEMU_BINARY_PATH: '/nowhere/', QEMU_BINARY_PREFIX: 'x-' } } });
    const { exitCode, stdout, stderr } = run('--install', 'all');
    expect(exitCode).toBe(4);
    expect(stderr).toMatch(
      /installing: all \/nowhere has none of the emulators that "all" stands for \(x-qemu-TARGET .* \[ANYARCH_EMULATOR_NOT_FOUND\]; next: /,
    );
    expect(statusOf(stdout).emulators).toBe(null);
    expect(run('--install', 'all,amd64').exitCode).toBe(3);
  });

  test('a prefix with a slash is refused', () => {
    use([], { system: { environment: { QEMU_BINARY_PREFIX: 'a/b' } } });
    const { exitCode, stderr } = run('--install', 'all');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('[ANYARCH_USAGE]; next: name the directory with QEMU_BINARY_PATH\n');
  });

  test('an emulator that does not run programs is not reported as one that does', () => {
    use(['aarch64']);
    image.host.addProgram('/usr/bin/qemu-s390x', 'broken', () => ({ kind: 'signalled', signal: 11 }));
    image.host.processes.on(['/usr/bin/qemu-s390x', '--version'], {
      stdout: 'qemu-s390x version 11.1.3\n',
    });
    const { exitCode, stdout, stderr } = run('--install', 'arm64,s390x');
    expect(exitCode).toBe(3);
    expect(stderr).toContain('ANYARCH_PROBE_FAILED');
    expect(statusOf(stdout)).toEqual({
      supported: ['linux/amd64', 'linux/arm64', 'linux/386'],
      emulators: ['qemu-aarch64'],
    });
  });

  test('what is of no use elsewhere is said in one line, the last one', () => {
    image.host.files.addFile('/proc/self/attr/current', 'system_u:system_r:container_t:s0:c1,c2\0');
    const { exitCode, stderr } = run('--install', 'arm64');
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^installing: arm64 OK\nwarning: SELinux is on here, [^\n]*; next: [^\n]*\n$/);
  });

  test('a table that may not be written: coded, and the status all the same', () => {
    image.host.files.fail({ errno: 'EACCES', method: 'writeOnce' });
    const { exitCode, stdout, stderr } = run('--install', 'arm64');
    expect(exitCode).toBe(4);
    expect(stderr).toContain('ANYARCH_PERMISSION');
    expect(statusOf(stdout).supported).toEqual(['linux/amd64', 'linux/386']);
  });
});

describe('--uninstall', () => {
  const debian = `:qemu-aarch64:${aarch64Pattern}:/usr/bin/qemu-aarch64-static:OPF`;

  test('leaves what is not of QEMU, and what is the distribution’s: noted for a pattern', () => {
    image.addEntry(debian);
    image.addEntry(':jar:M::PK::/usr/bin/jexec:');
    image.addEntry(':qemu-weird:M::QQ::/opt/qemu-weird:');
    run('--install', 's390x');
    const { exitCode, stderr } = run('--uninstall', '*');
    expect(exitCode).toBe(0);
    expect(stderr).toContain('uninstalling: qemu-s390x OK\n');
    for (const name of ['jar', 'qemu-aarch64', 'qemu-weird'])
      expect(stderr).toContain(`uninstalling: ${name} kept: ${name} is not anyarch's (`);
    expect(names()).toEqual(['jar', 'qemu-aarch64', 'qemu-weird']);
  });

  test('… and an error for who names it', () => {
    image.addEntry(debian);
    for (const word of ['qemu-aarch64', 'arm64', 'linux/arm64']) {
      const { exitCode, stderr } = run('--uninstall', word);
      expect(exitCode).toBe(1);
      expect(stderr).toContain('uninstalling: qemu-aarch64 kept: ');
      expect(stderr).toContain('[ANYARCH_ENTRY_OF_OTHERS]; next: ');
    }
    expect(names()).toEqual(['qemu-aarch64']);
  });

  test('what stands beside an entry of others is ours by the usual name, too', () => {
    image.addEntry(debian);
    run('--install', 'arm64');
    expect(names()).toEqual(['anyarch-aarch64', 'qemu-aarch64']);
    const { exitCode, stderr } = run('--uninstall', 'qemu-*');
    expect(exitCode).toBe(0);
    expect(stderr).toContain(
      'uninstalling: anyarch-aarch64 OK (qemu-aarch64 of others runs its programs now)\n',
    );
    expect(names()).toEqual(['qemu-aarch64']);
  });

  test('before what is installed', () => {
    run('--install', 'arm64,s390x');
    expect(run('--install', 'arm64', '--uninstall', 'qemu-*').stderr).toBe(
      'uninstalling: qemu-aarch64 OK\nuninstalling: qemu-s390x OK\ninstalling: arm64 OK\n',
    );
    expect(names()).toEqual(['qemu-aarch64']);
  });

  test('what is not there, and a broken pattern', () => {
    expect(run('--uninstall', 'arm64,nonsense,[')).toMatchObject({
      exitCode: 0,
      stderr:
        'uninstalling: aarch64 not found\nuninstalling: nonsense not found\nuninstalling: [ not found\n',
    });
  });
});

describe('--mount', () => {
  test('another mount point, mounted when it is not', () => {
    use(undefined, { binfmt: { state: 'unmounted' } });
    image.host.files.addDirectory('/mnt');
    const { exitCode, stdout } = run('--mount', '/mnt', '--install', 'arm64');
    expect(exitCode).toBe(0);
    expect(statusOf(stdout)).toEqual({
      supported: ['linux/amd64', 'linux/arm64', 'linux/386'],
      emulators: ['qemu-aarch64'],
    });
    expect(image.host.files.list('/mnt')).toContain('qemu-aarch64');
  });

  test('a place that is not there', () => {
    use(undefined, { binfmt: { state: 'unmounted' } });
    const { exitCode, stdout, stderr } = run('--mount', '/nowhere');
    expect([exitCode, stdout]).toEqual([4, '']);
    expect(stderr).toContain('/nowhere: ENOENT [ANYARCH_BINFMT_NOT_MOUNTED]');
  });
});

describe('wrong usage', () => {
  test.each([
    ['--nonsense'],
    ['--install'],
    ['--install', 'all', 'arm64'],
    ['install', 'all'],
    ['--version=maybe'],
  ])('%j', (...words) => {
    const { exitCode, stdout, stderr } = run(...words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage of [^]*[ ]{2}-install string\n[^]*\nerror: .* \[ANYARCH_USAGE\]\n$/);
    expect(names()).toEqual([]);
  });

  test('help is none', () => {
    for (const word of ['-h', '--help', '-help'])
      expect(run(word)).toMatchObject({ exitCode: 0, stdout: '' });
    expect(run('-h').stderr).toContain('-uninstall string');
  });
});
