import { beforeEach, describe, expect, it } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import { aarch64Pattern } from '../registration/testing/registration-host.ts';
import { buildProbe } from '../core/probe/probe.ts';
import type { Live } from '../dialects/index.ts';
import { imageHost } from '../dialects/testing/image-host.ts';
import { SystemError } from '../host/system-error.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { runProgram } from './program.ts';
import { imageMark } from './surroundings.ts';

describe('own commands', () => {
  let host: FakeHost;
  let entries: () => ReadonlyMap<string, string>;
  const run = (...words: string[]) => runProgram(host, { words, version: '1.2.3' });
  beforeEach(() => {
    ({ host, entries } = imageHost(['aarch64', 's390x']));
    host.files.addFile(imageMark, '{}');
    host.files.addLink('/proc/1/ns/mnt', 'mnt:[4026531841]');
  });

  it('register proves what the image has, twice in the same way', () => {
    const first = run('register', 'arm64', '--json');
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(first.stdout)).toMatchObject({
      schema: 'anyarch/register/1',
      results: [{ action: 'add', name: 'qemu-aarch64', proven: true }],
    });
    expect(entries().get('qemu-aarch64')).toContain('/usr/bin/qemu-aarch64-static\nflags: PF\n');
    const { stdout } = run('register');
    expect(stdout).toContain('registered qemu-s390x QEMU 11.1.3');
    expect([...entries().keys()].toSorted()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  });

  it('a container that remembers nothing replaces and removes what an earlier one made', () => {
    run('register', 'arm64');
    host.files.remove('/var/lib/anyarch');
    expect(JSON.parse(run('register', 'arm64', '--json').stdout)).toMatchObject({
      results: [{ action: 'replace', name: 'qemu-aarch64', proven: true }],
    });
    host.files.remove('/var/lib/anyarch');
    expect(run('unregister').stdout).toContain('gone');
    expect(entries().size).toBe(0);
  });

  it('watches everything that the image has, and puts it right', () => {
    const lines: string[] = [];
    let waits = 0;
    const live = {
      print: (text: string) => lines.push(text),
      wait: () => {
        waits += 1;
        if (waits === 1) host.binfmt.table().control('qemu-s390x', '-1');
        return waits < 3 ? ('elapsed' as const) : ('stop' as const);
      },
    };
    const outcome = runProgram(host, { words: ['watch', '--json'], version: '1.2.3', live });
    expect(outcome).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    const events = lines.map((line) => JSON.parse(line) as { event: string; architecture?: string });
    expect(events.map(({ event, architecture = '' }) => `${event} ${architecture}`.trim())).toEqual([
      'started',
      'watching',
      'reasserted aarch64',
      'reasserted s390x',
      'removed s390x',
      'reasserted s390x',
      'stopped',
    ]);
    expect([...entries().keys()].toSorted()).toEqual(['qemu-aarch64', 'qemu-s390x']);
  });

  it('watches on where the output is closed, and ends where nobody reads any more', () => {
    const ends = (errno: string) => {
      let waits = 0;
      const live: Live = {
        print: () => {
          throw new SystemError(errno, 'write', 'standard output');
        },
        wait: () => {
          waits += 1;
          return waits < 3 ? ('elapsed' as const) : ('stop' as const);
        },
      };
      const { exitCode } = runProgram(host, { words: ['watch', 'arm64'], version: '1.2.3', live });
      return { exitCode, waits };
    };
    expect(ends('EBADF')).toEqual({ exitCode: 0, waits: 4 });
    expect(ends('EPIPE')).toEqual({ exitCode: 141, waits: 0 });
    expect(ends('ENOSPC')).toEqual({ exitCode: 1, waits: 0 });
  });

  it('names what it removes without anything in its place, unless the files of the host tell whose it is', () => {
    const fedora = '/usr/bin/qemu-alpha-static';
    const rule = `:qemu-alpha:${aarch64Pattern.replace('\\xb7', '\\x26')}:${fedora}:F`;
    const add = () => {
      host.addProgram(fedora);
      host.binfmt.table().register(encodeUtf8(rule));
      // It is in the host's files, not in the container's.
      host.files.remove(fedora);
    };
    const note = `anyarch: removed, and replaced by nothing: qemu-alpha (${fedora}); `;
    for (const words of [
      ['register', 'arm64', '--reset'],
      ['--reset', '-p', 'yes'],
      ['unregister', 'alpha', '--json'],
    ]) {
      add();
      expect(run(...words)).toMatchObject({ exitCode: 0, stderr: expect.stringContaining(note) as string });
      expect(entries().has('qemu-alpha')).toBe(false);
    }
    add();
    expect(run('unregister', 'alpha', '--dry-run')).toMatchObject({ exitCode: 0, stderr: '' });
    host.files.addDirectory('/host/etc');
    host.files.addFile('/host/usr/lib/binfmt.d/qemu-alpha-static.conf', `${rule}\n`);
    expect(run('register', 'arm64', '--reset')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(run('unregister').stderr).toBe('');
    expect([...entries().keys()]).toEqual(['qemu-alpha']);
  });

  it('tells in its help what unregister cannot tell', () => {
    expect(run('unregister', '--help').stdout).toContain('Fedora');
    expect(run('unregister', '--help').stdout).not.toContain('nothing else');
    expect(run('register', '--help').stdout).not.toContain('never the');
  });

  it('status, help and version', () => {
    run('register', 'arm64');
    expect(run('status', '--probe')).toMatchObject({ exitCode: 0 });
    expect(run('status').stdout).toContain('qemu-aarch64  enabled');
    expect(run('--version')).toEqual({ exitCode: 0, stdout: 'anyarch 1.2.3\n', stderr: '' });
    expect(run('--help').stdout).toContain('register');
    expect(run('register', '--help').stdout).not.toContain('--mirror');
  });

  it.each([
    null,
    Object.assign(new Error('out of memory'), { name: 'InternalError' }),
    new SyntaxError('out of memory'),
  ])('says that memory has run out when the engine throws %s', (thrown) => {
    host.binfmt.state = () => {
      throw thrown as Error;
    };
    const { exitCode, stderr } = run('status');
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'anyarch: allocate memory: ENOMEM [ANYARCH_FILE]\n  next: free some memory, then repeat the command\n',
    );
  });

  it('explain says what takes a program', () => {
    host.files.addFile('/here/hello', buildProbe('aarch64'), { mode: 0o755 });
    expect(run('explain', 'here/hello')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining('fails with ENOEXEC') as string,
    });
    run('register', 'arm64');
    const { exitCode, stdout } = run('explain', '/here/hello', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 'anyarch/explain/1',
      levels: [{ winner: 'qemu-aarch64' }, {}],
    });
    expect(run('explain')).toMatchObject({ exitCode: 2 });
    expect(run('explain', '/here/hello', '--rootfs', '/nothing')).toMatchObject({ exitCode: 2 });
  });

  it('fails with a code and a next step', () => {
    expect(run('regster')).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('[ANYARCH_USAGE]\n  next: did you mean: anyarch register') as string,
    });
    expect(run('register', 'riscv64').exitCode).toBe(1);
    host.files.fail({ errno: 'EACCES', method: 'writeOnce' });
    expect(run('register', 'arm64')).toMatchObject({
      exitCode: 4,
      stderr: expect.stringContaining('ANYARCH_PERMISSION') as string,
    });
  });
});

describe('dialects', () => {
  const called = (words: readonly string[], environment: Record<string, string> = {}) => {
    const { host, entries } = imageHost(['aarch64', 's390x'], { system: { environment } });
    const outcome = runProgram(host, { words, version: '1.2.3' });
    return { ...outcome, names: [...entries().keys()].toSorted(), entries };
  };

  it.each([
    [['--reset', '-p', 'yes'], {}, 'F'],
    [['--reset'], { ANYARCH_DIALECT: 'multiarch' }, ''],
    [['--install', 'all'], {}, 'OCF'],
    [['--install', 'arm64,s390x'], { ANYARCH_DIALECT: 'binfmt', QEMU_PRESERVE_ARGV0: '1' }, 'POCF'],
    [['-s', '--', '-p'], {}, 'F'],
    [[], {}, 'PF'],
    [['register'], { ANYARCH_DIALECT: 'binfmt' }, 'PF'],
  ])('%j with %j sets the flags "%s"', (words, environment, flags) => {
    const { exitCode, entries, stderr } = called(words, environment);
    expect(stderr).not.toContain('ANYARCH');
    expect(exitCode).toBe(0);
    expect(entries().get('qemu-aarch64')).toContain(`flags: ${flags}\n`);
    expect(entries().get('qemu-s390x')).toContain(`flags: ${flags}\n`);
  });

  it('refuses words of two dialects and changes nothing', () => {
    const { exitCode, stderr, names } = called(['--install', 'all', '--reset']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('[ANYARCH_USAGE]');
    expect(names).toEqual([]);
  });

  it('names a next step that helps in a container', () => {
    const { host } = imageHost(['aarch64']);
    host.files.fail({ errno: 'EACCES', method: 'writeOnce' });
    const { exitCode, stderr } = runProgram(host, { words: ['register'], version: '1.2.3' });
    expect(exitCode).toBe(4);
    expect(stderr).toContain('next: docker run -v /proc/sys/fs/binfmt_misc:/binfmt');
  });
});
