import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import { offline } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import type { UserHome } from '../support/engines/user.ts';
import { asUser, createUserHome, runAsUser, userIds } from '../support/engines/user.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { allProcesses, commandLine } from '../support/processes.ts';

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.testUser, needs.bwrap],
  'bwrap without privilege',
  () => {
    const table = useHostTable();
    let home: UserHome;
    let executable: string;
    let bwrap: readonly string[];

    beforeAll(async () => {
      home = createUserHome();
      executable = await installPackage();
      const root = await busyboxRoot(guests.arm64);
      bwrap = ['bwrap', '--ro-bind', root, '/', '--proc', '/proc', '--dev', '/dev', '--tmpfs', '/tmp'];
    });

    test('cannot run foreign programs by itself', async () => {
      expect(await asTestUser([...bwrap, 'uname', '-m'])).toMatchObject({
        exitCode: 1,
        stderr: expect.stringContaining('Exec format error') as string,
      });
    });

    test.each([
      ['as root of the namespace', [], '0'],
      ["with the user's own id", ['--keep-id'], String(userIds().uid)],
      ['in a user namespace of its own', [], '7', ['--unshare-all', '--uid', '7']],
    ] as [string, string[], string, string[]?][])(
      'runs them within anyarch run, %s',
      async (_how, options, id, ownOptions = []) => {
        const script = ['sh', '-c', 'uname -m; id -u; exit 9'];
        const within = [executable, 'run', ...options, '--', ...bwrap, ...ownOptions, ...script];
        expect(await asTestUser(within)).toMatchObject({ exitCode: 9, stdout: `aarch64\n${id}\n` });
        table.expectUnchanged();
      },
    );

    test('runs them in the user namespace of another process that has them, and no longer than that', async () => {
      const seconds = `600.${process.pid}`;
      const holder = startHolder(seconds);
      const enter = ['sh', '-c', 'exec 9<"$0" && exec "$@"'];
      const namespace = `/proc/${await pidOf(`sleep ${seconds}`)}/ns/user`;
      const command = [...enter, namespace, ...bwrap, '--userns', '9', 'uname', '-m'];
      expect(await asTestUser(command)).toMatchObject({ exitCode: 0, stdout: 'aarch64\n' });
      table.expectUnchanged();
      await end(holder);
      expect((await asTestUser(command)).exitCode).not.toBe(0);
    });

    const holders: ChildProcess[] = [];
    afterAll(async () => {
      for (const holder of holders) await end(holder);
    });

    function asTestUser(command: readonly string[]): Promise<CommandResult> {
      return runAsUser(home, command, { environment: offline });
    }

    function startHolder(seconds: string): ChildProcess {
      const [program = '', ...words] = asUser([executable, 'run', '--', 'sleep', seconds]);
      const environment = { ...home.environment, PATH: process.env['PATH'], ...offline };
      const holder = spawn(program, words, { stdio: 'ignore', env: environment, cwd: home.directory });
      holders.push(holder);
      return holder;
    }
  },
);

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** The guest itself: what started it has these words, too, and others before them. */
async function pidOf(command: string): Promise<number> {
  const deadline = performance.now() + 10_000;
  while (performance.now() < deadline) {
    const found = allProcesses().find((pid) => commandLine(pid) === command);
    if (found !== undefined) return found;
    await sleep(20);
  }
  throw new Error(`no process runs ${command}`);
}
