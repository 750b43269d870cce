import { spawn } from 'node:child_process';
import { cpSync, existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { anyarch, executable, offline, type CliResult } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { allProcesses, commandLine } from '../support/processes.ts';
import { buildGuest } from '../support/stall/guest.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const compiler = {
  missing: () => (existsSync('/usr/bin/aarch64-linux-gnu-gcc') ? undefined : 'needs gcc-aarch64-linux-gnu'),
};

describeWith([needs.qemu, needs.apt, compiler], 'guests that make no progress', () => {
  let directory: string;
  let guest: string;
  let home: string;
  const emulate = (words: readonly string[], ...more: readonly string[]): Promise<CliResult> =>
    anyarch(['exec', '--no-fetch', ...more, guest, ...words], { home });
  const left = (): string[] =>
    allProcesses()
      .map(commandLine)
      .filter((line) => line.includes(guest));

  beforeAll(async () => {
    directory = temporaryDirectory('stall');
    home = temporaryDirectory('home');
    guest = await buildGuest(directory);
  });

  describe('are ended with 124', () => {
    it.each([
      ['one thread that waits for ever', 'hang', /futex, without a time limit/],
      ['threads that wait, and one that only looks around', 'threads', /wait for each other/],
      ['one that reads a pipe of its own', 'pipe', /read on descriptor 3 \(pipe:/],
      ['one that waits for a child that waits', 'wait', /wait4, for a child/],
      ['one that spins', 'spin', /CPU time without a system call/],
    ])('%s', async (_what, word, expected) => {
      const result = await emulate([word], '--stall-timeout', '1s');
      expect(result).toMatchObject({ exitCode: 124, stderr: expect.stringMatching(expected) as string });
      expect(result.stderr).toContain('made no progress for 1');
      expect(left()).toEqual([]);
    });
  });

  describe('are told from those that', () => {
    it.each([
      ['sleep', 'rest'],
      ['compute, and write now and then', 'compute'],
      ['look by themselves for what may come', 'look'],
      ['have another thread that looks for it', 'neighbour'],
    ])('%s', async (_what, word) => {
      expect(await emulate([word], '--stall-timeout', '1s')).toMatchObject({ exitCode: 0, stderr: '' });
    });

    it('wait for input', async () => {
      const child = spawn(executable, ['exec', '--no-fetch', '--stall-timeout', '1s', guest, 'input'], {
        env: { ...process.env, ...offline, ANYARCH_HOME: home },
        stdio: ['pipe', 'ignore', 'pipe'],
      });
      const ended = new Promise((resolve) => child.once('close', resolve));
      await new Promise((resolve) => setTimeout(resolve, 2500));
      expect(child.exitCode).toBeNull();
      child.stdin.end('x');
      expect(await ended).toBe(0);
    });
  });

  it('are told in full, with the last system calls', async () => {
    const report = join(directory, 'report.json');
    const result = await emulate(
      ['wait'],
      '--stall-timeout',
      '1s',
      '--stall-trace',
      '--stall-report',
      report,
    );
    expect(result.exitCode).toBe(124);
    expect(result.stderr).toMatch(/last system calls:\n(.*\n)*.*futex\(/);
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      schema: 'anyarch/stall/1',
      kind: 'waits',
      processes: [
        {
          threads: expect.arrayContaining([
            expect.objectContaining({ wait: 'wait4, for a child' }),
          ]) as unknown,
        },
        { threads: expect.arrayContaining([expect.objectContaining({ state: 'S' })]) as unknown },
      ],
    });
    expect(readdirSync('/tmp').filter((name) => name.startsWith('anyarch-trace-'))).toEqual([]);
  });

  it('have to leave a report that can be written, which is found out before they start', async () => {
    const report = join(directory, 'missing', 'report.json');
    expect(await emulate(['hang'], '--stall-timeout', '1s', '--stall-report', report)).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining(`${report} cannot be written`) as string,
    });
    expect(left()).toEqual([]);
  });

  it('goes with a time that is one', async () => {
    expect(await emulate(['hang'], '--stall-timeout', 'soon')).toMatchObject({ exitCode: 125 });
    expect(await emulate(['fail'], '--stall-report', '/x')).toMatchObject({
      exitCode: 125,
      stderr: expect.stringContaining('goes with --stall-timeout') as string,
    });
  });

  describe('in a namespace of their own', () => {
    const run = async (words: readonly string[], ...more: readonly string[]): Promise<CliResult> => {
      const root = join(temporaryDirectory('root'), 'arm64');
      // A copy, because mount points are made in it.
      cpSync(await busyboxRoot(guests.arm64), root, { recursive: true, verbatimSymlinks: true });
      const volume = ['-v', `${directory}:/stall`];
      const timeout = ['--stall-timeout', '1s'];
      return await anyarch(
        [
          'run',
          '-a',
          'arm64',
          '--no-fetch',
          '--rootfs',
          root,
          ...volume,
          ...timeout,
          ...more,
          '--',
          ...words,
        ],
        { home },
      );
    };

    it('are ended, whatever of them waits', async () => {
      const result = await run(['sh', '-c', '/stall/guest hang | cat'], '--stall-trace');
      expect(result).toMatchObject({
        exitCode: 124,
        stderr: expect.stringContaining('last system calls:') as string,
      });
      expect(result.stderr).toMatch(/process \d+: .*guest/);
      expect(left()).toEqual([]);
    });

    it('are left alone while one of them makes progress', async () => {
      expect(await run(['sh', '-c', '/stall/guest hang & sleep 2; kill %1'])).toMatchObject({
        exitCode: 0,
        stderr: '',
      });
    });
  });
});
