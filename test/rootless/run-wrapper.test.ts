import { spawn } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import { run } from '../support/command.ts';
import { offline } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import type { UserHome } from '../support/engines/user.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';
import { busybox } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.testUser],
  'anyarch run -- CMD',
  () => {
    const table = useHostTable();
    let home: UserHome;
    let executable: string;
    let foreign: string;

    beforeAll(async () => {
      home = createUserHome();
      executable = await installPackage();
      const directory = temporaryDirectory('programs');
      chmodSync(directory, 0o755);
      foreign = join(directory, 'busybox');
      copyFileSync(await busybox(guests.arm64), foreign);
    });

    const plain = (...command: string[]): Promise<CommandResult> =>
      runAsUser(home, command, { timeoutMs: 120_000 });
    const wrapped = (options: readonly string[], ...command: string[]): Promise<CommandResult> =>
      runAsUser(home, [executable, 'run', ...options, '--', ...command], {
        environment: offline,
        timeoutMs: 120_000,
      });
    const userId = async (): Promise<string> => (await plain('id', '-u')).stdout.trim();

    test('a Makefile that runs what it has cross-compiled', async () => {
      const directory = join(home.directory, 'project');
      await plain('mkdir', directory);
      writeFileSync(
        join(directory, 'Makefile'),
        `.DELETE_ON_ERROR:\nresult:\n\t${foreign} uname -m > result\n`,
      );
      expect((await plain('make', '-C', directory)).exitCode).not.toBe(0);
      expect(await wrapped([], 'make', '-C', directory)).toMatchObject({ exitCode: 0 });
      expect((await plain('cat', join(directory, 'result'))).stdout).toBe('aarch64\n');
      table.expectUnchanged();
    });

    test('anyarch itself, which takes itself for the user still', async () => {
      const nested = [executable, 'run', '--no-fetch', '--', foreign, 'uname', '-m'];
      expect(await wrapped([], ...nested)).toMatchObject({ exitCode: 0, stdout: 'aarch64\n', stderr: '' });
      expect(await wrapped(['--map-auto'], ...nested)).toMatchObject({ exitCode: 0, stdout: 'aarch64\n' });
    });

    describe('--keep-id', () => {
      test('has the user’s own ids, whose files stay the user’s', async () => {
        const uid = await userId();
        const file = join(home.directory, 'kept');
        const script = `id -u; id -g; touch ${file}; stat -c %u ${file}; ${foreign} uname -m; exit 7`;
        const result = await wrapped(['--keep-id'], 'sh', '-c', script);
        expect(result).toMatchObject({
          exitCode: 7,
          stdout: `${uid}\n${uid}\n${uid}\naarch64\n`,
          stderr: '',
        });
        expect(String(statSync(file).uid)).toBe(uid);
        expect((await wrapped([], 'id', '-u')).stdout).toBe('0\n');
      });

      test('has no capability, and may still make namespaces, where the table counts', async () => {
        const status = await wrapped(['--keep-id'], 'grep', '^CapEff', '/proc/self/status');
        expect(status.stdout).toMatch(/^CapEff:\s+0+\n$/);
        const below = [
          'unshare',
          '-Urmpf',
          '--mount-proc',
          'sh',
          '-c',
          `id -u; ls -d /proc/1; ${foreign} uname -m`,
        ];
        expect(await wrapped(['--keep-id'], ...below)).toMatchObject({
          exitCode: 0,
          stdout: '0\n/proc/1\naarch64\n',
        });
        expect((await plain(...below)).stdout).not.toContain('aarch64');
      });

      test('holds in a root file system of its own, too', async () => {
        const result = await wrapped(['--keep-id', '-a', 'arm64'], 'sh', '-c', 'id -u; uname -m');
        expect(result).toMatchObject({ exitCode: 0, stdout: `${await userId()}\naarch64\n` });
      });
    });

    describe('--map-auto', () => {
      test('has ids to give away', async () => {
        const file = join(home.directory, 'given');
        const script = `touch ${file}; chown 33:34 ${file} && stat -c %u:%g ${file}; rm -f ${file}`;
        expect((await wrapped(['--map-auto'], 'sh', '-c', script)).stdout).toBe('33:34\n');
        expect((await wrapped([], 'sh', '-c', script)).stdout).toBe('');
      });

      test('says what a user without subordinate ids lacks', async () => {
        const other = temporaryDirectory('nobody');
        chmodSync(other, 0o777);
        const drop = [
          'setpriv',
          '--reuid',
          '65534',
          '--regid',
          '65534',
          '--clear-groups',
          '--inh-caps=-all',
          '--',
        ];
        const command = [...drop, executable, 'run', '--map-auto', '--', 'true'];
        const result = await run(command, {
          directory: other,
          environment: { PATH: process.env['PATH'], HOME: other, ...offline },
        });
        expect(result.exitCode).toBe(125);
        expect(result.stderr).toContain('ANYARCH_SUBORDINATE_IDS');
        expect(result.stderr).toContain('usermod --add-subuids ');
      });

      test('has signals delivered to a guest of another id', async () => {
        const uid = Number(await userId());
        const script = 'trap "exit 9" TERM; id -u; while :; do sleep 0.05; done';
        const words = ['run', '--map-auto', '--user', '33:33', '--', 'sh', '-c', script];
        const child = spawn(executable, words, {
          cwd: home.directory,
          uid,
          gid: uid,
          env: { PATH: process.env['PATH'], ...home.environment, ...offline },
          stdio: ['ignore', 'pipe', 'inherit'],
        });
        const first = await new Promise<string>((resolve) =>
          child.stdout.once('data', (chunk: Buffer) => {
            resolve(chunk.toString());
          }),
        );
        expect(first).toBe('33\n');
        child.kill('SIGTERM');
        expect(await new Promise((resolve) => child.once('close', resolve))).toBe(9);
      });
    });

    describeWith([needs.bwrap], 'bubblewrap', () => {
      const sandbox = (): string[] => [
        ...['bwrap', '--unshare-all', '--ro-bind', '/', '/', '--dev', '/dev', '--proc', '/proc', '--'],
        foreign,
        'uname',
        '-m',
      ];

      test.each([[[]], [['--keep-id']], [['--map-auto']]])(
        'runs foreign programs inside %j',
        async (options) => {
          expect(await wrapped(options, ...sandbox())).toMatchObject({ exitCode: 0, stdout: 'aarch64\n' });
        },
      );

      test('does not by itself', async () => {
        // The C library's execvp hands it to a shell then, which finds no script.
        const refused = await plain(...sandbox());
        expect(refused.exitCode).not.toBe(0);
        expect(refused.stdout).toBe('');
        table.expectUnchanged();
      });
    });

    describeWith([needs.podman], 'buildah', () => {
      let context: string;
      const build = (): string[] => [
        ...['buildah', '--storage-driver', 'vfs', 'build', '--no-cache', '--network', 'host'],
        ...['--runtime', 'runc', '--cgroup-manager', 'cgroupfs', '--platform', 'linux/arm64', context],
      ];

      beforeAll(() => {
        context = join(temporaryDirectory('context'), 'context');
        mkdirSync(context);
        chmodSync(join(context, '..'), 0o755);
        copyFileSync(foreign, join(context, 'busybox'));
        const script = 'uname -m > /machine; chown 33:34 /machine; stat -c %u:%g /machine; cat /machine';
        writeFileSync(
          join(context, 'Containerfile'),
          `FROM scratch\nCOPY busybox /bin/busybox\nRUN ["/bin/busybox", "sh", "-c", "${script}"]\n`,
        );
      });

      test('has a foreign RUN step, files of other owners and its usual storage', async () => {
        const built = await wrapped([], ...build());
        expect(built).toMatchObject({ exitCode: 0 });
        expect(built.stdout + built.stderr).toMatch(/^33:34\naarch64$/m);
        const images = await plain('buildah', '--storage-driver', 'vfs', 'images', '--quiet', '--all');
        expect(images.stdout.trim()).not.toBe('');
        table.expectUnchanged();
      });

      test('has not by itself', async () => {
        const refused = await plain(...build());
        expect(refused.exitCode).not.toBe(0);
        expect(refused.stdout + refused.stderr).toContain('exec format error');
      });
    });

    test('limits that nobody here may set are refused', async () => {
      const refused = await wrapped(['--memory', '64m'], 'true');
      expect(refused).toMatchObject({ exitCode: 125, stdout: '' });
      expect(refused.stderr).toContain('ANYARCH_LIMITS');
    });
  },
);
