import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  allEntries,
  allWith,
  describeImage,
  expectRefused,
  expectRuns,
  flagsIn,
} from '../support/engines/image-suite.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeImage('no words, systemd-binfmt, and own commands', (suite) => {
  const privileged = (...words: string[]) => suite.run(['run', '--rm', '--privileged', ...words]);

  describe("the recipes' container for podman", () => {
    test('without words everything that the image has is registered', async () => {
      const registered = await privileged('anyarch');
      expect(registered).toMatchObject({ exitCode: 0, stderr: '' });
      expect(registered.stdout.match(/^registered qemu-/gm)).toHaveLength(allEntries.length);
      expect(flagsIn(suite)).toEqual(allWith('PF'));
      await expectRuns(suite, guests.arm64);
    });

    test('systemd-binfmt, with rules in a mounted directory', async () => {
      const directory = join(temporaryDirectory('binfmt'), 'binfmt.d');
      mkdirSync(directory);
      const words = [
        'run',
        '--rm',
        '-v',
        `${directory}:/exports`,
        'anyarch',
        '-s',
        's390x',
        '-e',
        '/exports',
      ];
      expect(await suite.run([...words, '-p', 'yes', '-c', 'yes'])).toMatchObject({ exitCode: 0 });
      writeFileSync(join(directory, 'jar.conf'), ':jar:E::jar::/usr/bin/jexec:\n');
      const volume = ['-v', `${directory}:/etc/binfmt.d:ro`];
      const done = await privileged(...volume, 'anyarch', '/usr/lib/systemd/systemd-binfmt');
      expect(done).toMatchObject({ exitCode: 0, stderr: '' });
      expect(flagsIn(suite)).toEqual({ ...allWith('PF'), 'qemu-s390x': 'OCF' });
      expect(suite.table.state().entries.has('jar')).toBe(true);
      await expectRuns(suite, guests.s390x);
      suite.table.remove('jar');
    });

    test('a broken rule: the others are registered, and the exit code says so', async () => {
      const directory = temporaryDirectory('binfmt');
      writeFileSync(join(directory, 'broken.conf'), 'nonsense\n');
      const done = await privileged('-v', `${directory}:/etc/binfmt.d:ro`, 'anyarch');
      expect(done).toMatchObject({
        exitCode: 3,
        stderr: expect.stringContaining('/etc/binfmt.d/broken.conf: ') as string,
      });
    });
  });

  describe('own commands', () => {
    test('unregister removes all that the image has made, in any tag', async () => {
      expect(await privileged('anyarch:qus', 'unregister')).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('replaced by nothing: qemu-') as string,
      });
      expect(flagsIn(suite)).toEqual({});
      await expectRefused(suite, guests.s390x);
    });

    test('register proves one', async () => {
      const { exitCode, stdout } = await privileged('anyarch', 'register', 'arm64', '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        schema: 'anyarch/register/1',
        outcome: 'ok',
        results: [{ architecture: 'aarch64', action: 'add', name: 'qemu-aarch64', proven: true }],
      });
      await expectRuns(suite, guests.arm64);
    });

    test('status shows the entry and that it works', async () => {
      const { exitCode, stdout } = await privileged('anyarch', 'status', '--probe', '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        table: { state: 'mounted', enabled: true },
        native: expect.arrayContaining(['x86_64']) as unknown,
        entries: [{ name: 'qemu-aarch64', enabled: true, proof: { status: 'proven' } }],
      });
    });

    test('--dry-run changes nothing', async () => {
      const before = [...suite.table.state().entries];
      const planned = await privileged('anyarch', 'register', 'all', '--dry-run', '--json');
      expect(planned.exitCode).toBe(0);
      expect(planned.stdout).toContain('"qemu-s390x"');
      expect([...suite.table.state().entries]).toEqual(before);
    });

    test('unregister says what is gone', async () => {
      const { exitCode, stdout } = await privileged('anyarch', 'unregister', 'arm64', '--json');
      expect(exitCode).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({
        outcome: 'ok',
        results: [{ architecture: 'aarch64', action: 'remove', proven: true }],
      });
      await expectRefused(suite, guests.arm64);
    });

    test('two predecessors at once: usage, exit code 2, and nothing is done', async () => {
      const failed = await privileged('anyarch', '--install', 'all', '--reset');
      expect(failed).toMatchObject({
        exitCode: 2,
        stdout: '',
        stderr: expect.stringContaining('ANYARCH_USAGE') as string,
      });
      expect(flagsIn(suite)).toEqual({});
    });

    test('--help and --version need no privilege', async () => {
      const words = (...last: string[]) => suite.run(['run', '--rm', 'anyarch', ...last]);
      expect((await words('--version')).stdout).toMatch(/^anyarch \d+\.\d+\.\d+/);
      expect((await words('--help')).stdout).toContain('register');
    });
  });
});
