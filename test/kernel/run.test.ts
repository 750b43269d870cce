import { spawn } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyarch, executable } from '../support/engines/cli.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { run } from '../support/command.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { openPrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith([needs.qemu, needs.apt], 'anyarch run', () => {
  let root: string;
  let home: string;
  const environment = { ANYARCH_QEMU_DIR: process.env['ANYARCH_TEST_QEMU_DIR'] };
  const runGuest = (args: readonly string[], input?: string): Promise<CliResult> =>
    anyarch(['run', '-a', 'arm64', '--no-fetch', '--rootfs', root, ...args], {
      home,
      environment,
      ...(input === undefined ? {} : { input }),
    });

  beforeAll(async () => {
    home = temporaryDirectory('home');
    // A copy, because mount points are made in it.
    root = join(temporaryDirectory('root'), 'arm64');
    cpSync(await busyboxRoot(guests.arm64), root, { recursive: true, verbatimSymlinks: true });
    chmodSync(root, 0o755);
  });

  it('runs a foreign program that the kernel refuses without it', async () => {
    const empty = await openPrivateTable();
    try {
      const enter = [
        'nsenter',
        '--target',
        String(empty.pid),
        '--user',
        '--mount',
        '--preserve-credentials',
        '--',
      ];
      const refused = empty.host.executor.execute(join(root, 'bin/busybox'), ['true'], { argv0: 'true' });
      expect(refused).toEqual({ kind: 'refused', errno: 'ENOEXEC' });
      const inside = [...enter, executable, 'run', '--rootfs', root, '--no-fetch', '--', 'uname', '-m'];
      const emulated = await run(inside, {
        environment: { ...process.env, ...environment, ANYARCH_HOME: home },
      });
      expect(emulated).toMatchObject({ exitCode: 0, stdout: 'aarch64\n', stderr: '' });
      // What it made is gone with it.
      expect(empty.host.binfmt.table().list()).toEqual([]);
    } finally {
      await empty.close();
    }
  });

  it('leaves mounts and entries of the host as they were', async () => {
    const hostState = (): string[] => [
      readFileSync('/proc/self/mountinfo', 'utf8'),
      ...readdirSync('/proc/sys/fs/binfmt_misc'),
    ];
    const before = hostState();
    const inside = await runGuest([
      '--',
      'cat',
      '/proc/sys/fs/binfmt_misc/qemu-aarch64',
      '/proc/self/mountinfo',
    ]);
    expect(inside.stdout).toContain('enabled\ninterpreter ');
    expect(inside.stdout).toContain(' /proc/sys/fs/binfmt_misc ');
    expect(hostState()).toEqual(before);
  });

  it.each([
    ['the exit code', ['sh', '-c', 'exit 7'], 7],
    ['a signal as 128 and its number', ['sh', '-c', 'kill -9 $$'], 137],
    ['127 for what is not there', ['no-such-program'], 127],
    ['126 for what may not be executed', ['/etc/passwd'], 126],
  ])('returns %s', async (_what, command, exitCode) => {
    const result = await runGuest(['--', ...command]);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr === '').toBe(exitCode === 7 || exitCode === 137);
  });

  it('passes input, arguments and argv[0] through', async () => {
    const result = await runGuest(['sh', '-c', 'cat; echo "$0 $1"', 'name', 'a  b'], 'from outside\n');
    expect(result.stdout).toBe('from outside\nname a  b\n');
    // An applet only knows by argv[0] what it is.
    expect((await runGuest(['--', 'echo', '--json'])).stdout).toBe('--json\n');
  });

  it('gives the guest an environment of its own and what it is told to add', async () => {
    const result = await anyarch(
      [
        'run',
        '--rootfs',
        root,
        '--no-fetch',
        '-e',
        'A=1',
        '-e',
        'TOLD',
        '-w',
        '/tmp',
        '--',
        'sh',
        '-c',
        'env; pwd',
      ],
      { home, environment: { ...environment, TOLD: 'yes', SECRET: 'no' } },
    );
    expect(result.stdout.split('\n')).toEqual(
      expect.arrayContaining(['A=1', 'TOLD=yes', 'HOME=/root', '/tmp']),
    );
    expect(result.stdout).not.toContain('SECRET');
  });

  it('runs several levels of foreign programs, scripts among them', async () => {
    writeFileSync(join(root, 'tmp/script'), '#!/bin/sh\nsh -c "sh -c \\"uname -m\\""\n', { mode: 0o755 });
    expect((await runGuest(['--', '/tmp/script'])).stdout).toBe('aarch64\n');
  });

  describe('volumes', () => {
    it('are shared, or read-only', async () => {
      const directory = temporaryDirectory('volume');
      writeFileSync(join(directory, 'file'), 'host\n');
      const write = 'cat /data/deep/file; echo guest > /data/deep/file';
      expect(await runGuest(['-v', `${directory}:/data/deep`, '--', 'sh', '-c', write])).toMatchObject({
        exitCode: 0,
        stdout: 'host\n',
      });
      expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('guest\n');
      const refused = await runGuest([
        '-v',
        `${directory}:/data/deep:ro`,
        '--',
        'sh',
        '-c',
        'mount -o remount,rw,bind /data/deep; umount /data/deep; echo no > /data/deep/file',
      ]);
      expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Read-only') as string });
      expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('guest\n');
    });

    it('stay inside the guest, wherever its links lead', async () => {
      const outside = temporaryDirectory('outside');
      mkdirSync(join(root, outside), { recursive: true });
      symlinkSync(outside, join(root, 'escape'));
      const source = temporaryDirectory('source');
      writeFileSync(join(source, 'file'), 'here\n');
      const result = await runGuest(['-v', `${source}:/escape/in`, '--', 'cat', `${outside}/in/file`]);
      expect(result).toMatchObject({ exitCode: 0, stdout: 'here\n' });
      expect(existsSync(join(outside, 'in'))).toBe(false);
    });

    it('must exist', async () => {
      expect(await runGuest(['-v', '/no/such:/data', '--', 'true'])).toMatchObject({
        exitCode: 125,
        stderr: expect.stringContaining('ANYARCH_USAGE') as string,
      });
    });
  });

  describe('a hostile root file system', () => {
    // While the root is set up, descriptors of the host's root are open under some numbers below 30.
    const numbers = Array.from({ length: 28 }, (_, index) => index + 3);
    const link = (name: string, target: string): void => {
      rmSync(join(root, name), { force: true });
      symlinkSync(target, join(root, name));
    };

    it('cannot make a descriptor of the host its working directory', async () => {
      for (const number of numbers) {
        link('work', `/proc/self/fd/${String(number)}`);
        const result = await runGuest(['-w', '/work', '--', 'sh', '-c', 'ls -di .']);
        expect(result).toMatchObject({
          exitCode: 125,
          stdout: '',
          stderr: expect.stringContaining('enter /work') as string,
        });
      }
    }, 120_000);

    it('cannot have a volume mounted, or a directory made, outside', async () => {
      const outside = temporaryDirectory('outside');
      const source = temporaryDirectory('source');
      for (const number of numbers) {
        link('fd', `/proc/self/fd/${String(number)}${outside}`);
        await runGuest(['-v', `${source}:/fd/made/deep`, '--', 'true']);
      }
      expect(readdirSync(outside)).toEqual([]);
    }, 120_000);

    it('gets no descriptor of the host', async () => {
      const script =
        'for process in 1 self; do readlink /proc/$process/cwd; for fd in /proc/$process/fd/*; do test -d $fd && echo $fd; done; done; true';
      // Its own directory listing is the only one that may be open.
      const result = await runGuest(['--', 'sh', '-c', script]);
      expect(result).toMatchObject({ exitCode: 0, stdout: '/\n/\n' });
    });
  });

  describeWith([needs.root], "as the host's root", () => {
    it("leaves the kernel's settings alone, whatever the guest does", async () => {
      const setting = '/proc/sys/vm/stat_interval';
      const before = readFileSync(setting, 'utf8');
      const script = `mount -o remount,rw,bind /proc/sys; umount /proc/sys; echo 77 > ${setting}; test -w /sys/kernel/mm && mkdir /sys/kernel/x; cat ${setting}`;
      try {
        expect((await runGuest(['--', 'sh', '-c', script])).stdout).toBe(before);
        expect(readFileSync(setting, 'utf8')).toBe(before);
      } finally {
        writeFileSync(setting, before);
      }
    });
  });

  it('copies the entries of others into the private table', async () => {
    // In a namespace whose table has an entry of somebody else's, anyarch makes its own one below.
    const script = `mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
      echo ':other:E::other::/bin/cat:' > /proc/sys/fs/binfmt_misc/register
      echo ':off:E::off::/bin/cat:' > /proc/sys/fs/binfmt_misc/register
      echo 0 > /proc/sys/fs/binfmt_misc/off
      exec "$@"`;
    const command = [
      executable,
      'run',
      '-a',
      'arm64',
      '--rootfs',
      root,
      '--no-fetch',
      '--',
      'ls',
      '/proc/sys/fs/binfmt_misc',
    ];
    const result = await run(['unshare', '-Urm', 'sh', '-c', script, 'sh', ...command], {
      environment: { ...process.env, ...environment, ANYARCH_HOME: home },
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout.split('\n')).toEqual(['other', 'qemu-aarch64', 'register', 'status', '']);
  });

  describe('signals', () => {
    const start = (script: string): ReturnType<typeof spawn> =>
      spawn(executable, ['run', '-a', 'arm64', '--rootfs', root, '--no-fetch', '--', 'sh', '-c', script], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, ...environment, ANYARCH_HOME: home },
      });
    const firstLine = (child: ReturnType<typeof spawn>): Promise<string> =>
      new Promise((resolve) =>
        child.stdout?.once('data', (chunk: Buffer) => {
          resolve(chunk.toString().trim());
        }),
      );
    const ended = (child: ReturnType<typeof spawn>): Promise<number | null> =>
      new Promise((resolve) => child.once('close', resolve));

    it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR1'] as const)(
      'hand %s to the guest, which may handle it',
      async (signal) => {
        const child = start(
          `trap "echo got; exit 9" ${signal.slice(3)}; echo ready; while :; do sleep 0.05; done`,
        );
        await firstLine(child);
        child.kill(signal);
        expect(await ended(child)).toBe(9);
      },
    );

    it('end the guest with 128 and the number when it does not', async () => {
      const child = start('echo ready; exec sleep 60');
      await firstLine(child);
      child.kill('SIGTERM');
      expect(await ended(child)).toBe(143);
    });

    it('take the guest along when anyarch is killed', async () => {
      const mark = `61.${String(process.pid)}`;
      const child = start(`echo ready; exec sleep ${mark}`);
      await firstLine(child);
      expect((await run(['pgrep', '-f', `sleep ${mark}`])).exitCode).toBe(0);
      child.kill('SIGKILL');
      await ended(child);
      await sleep(200);
      expect((await run(['pgrep', '-f', `sleep ${mark}`])).exitCode).toBe(1);
    });
  });

  it("has the caller's terminal", async () => {
    const command = `${executable} run -a arm64 --rootfs ${root} --no-fetch -- sh -c 'test -t 0 && test -t 1 && stty size && tty'`;
    const result = await run(
      ['script', '--quiet', '--return', '--command', `stty rows 33 cols 77; ${command}`, '/dev/null'],
      {
        environment: { ...process.env, ...environment, ANYARCH_HOME: home },
      },
    );
    expect(result.stdout).toContain('33 77');
    expect(result.exitCode).toBe(0);
  });

  it('runs foreign programs among the files of the host, too', async () => {
    const binary = join(root, 'bin/busybox');
    const script = `${binary} uname -m; uname -s; pwd`;
    const result = await anyarch(['run', '--', 'sh', '-c', script], { home, environment, directory: root });
    expect(result).toMatchObject({ exitCode: 0, stdout: `aarch64\nLinux\n${root}\n` });
  });

  it('says what is missing', async () => {
    const result = await anyarch(
      ['run', '-a', 's390x', '--no-fetch', '--qemu', '99', '--json', '--', 'true'],
      { home, environment },
    );
    expect(result).toMatchObject({ exitCode: 125 });
    expect(result.json()).toMatchObject({
      schema: 'anyarch/error/1',
      error: { code: 'ANYARCH_EMULATOR_NOT_FOUND' },
    });
  });
});
