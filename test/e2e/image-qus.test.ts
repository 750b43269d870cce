import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  allWith,
  describeImage,
  entryText,
  expectRefused,
  expectRuns,
  flagsIn,
} from '../support/engines/image-suite.ts';
import { guests } from '../support/fixtures/guests.ts';
import { qemuBinary } from '../support/fixtures/qemu.ts';
import { temporaryDirectory } from '../support/temporary.ts';

// https://github.com/dbhi/qus: the lines of README.md, test.sh and action/setup-qus.py.
describeImage("dbhi/qus' lines", (suite) => {
  const { line, run } = suite;

  test('docker run --rm --privileged aptman/qus -s -- -p aarch64', async () => {
    const registered = await line('docker run --rm --privileged aptman/qus -s -- -p aarch64');
    expect(registered).toMatchObject({
      exitCode: 0,
      stdout: 'Setting /usr/bin/qemu-aarch64-static as binfmt interpreter for aarch64\n',
      stderr: '',
    });
    expect(flagsIn(suite)).toEqual({ 'qemu-aarch64': 'F' });
    await expectRuns(suite, guests.arm64);
    await expectRefused(suite, guests.s390x);
  });

  test('docker run --rm --privileged aptman/qus -s -- -p', async () => {
    expect(await line('docker run --rm --privileged aptman/qus -s -- -p')).toMatchObject({ exitCode: 0 });
    expect(flagsIn(suite)).toEqual(allWith('F'));
    await expectRuns(suite, guests.s390x);
  });

  test('docker run --rm --privileged aptman/qus -l -- -t', async () => {
    const { exitCode, stdout } = await line('docker run --rm --privileged aptman/qus -l -- -t');
    expect(exitCode).toBe(0);
    const names = stdout.split('\n').map((text) => text.split(' ').at(-1));
    expect(names).toEqual(expect.arrayContaining([...Object.keys(allWith('')), 'register', 'status']));
  });

  test('docker run --rm --privileged aptman/qus -- -r', async () => {
    expect(await line('docker run --rm --privileged aptman/qus -- -r')).toMatchObject({ exitCode: 0 });
    expect(flagsIn(suite)).toEqual({});
    await expectRefused(suite, guests.arm64);
  });

  describe('test.sh', () => {
    test('C: QEMU_BIN_DIR with a directory of the host, persistent', async () => {
      const directory = temporaryDirectory('qemu');
      copyFileSync(await qemuBinary('11.1', 'aarch64'), join(directory, 'qemu-aarch64-static'));
      const volume = ['-e', `QEMU_BIN_DIR=${directory}`, '-v', `${directory}:${directory}`];
      const words = ['run', '--rm', '--privileged', ...volume, 'anyarch:qus', '-s', '--', '-p', 'aarch64'];
      expect(await run(words)).toMatchObject({ exitCode: 0 });
      expect(entryText('qemu-aarch64')).toContain(`interpreter ${directory}/qemu-aarch64-static\nflags: F\n`);
      await expectRuns(suite, guests.arm64);
      // Whose it is cannot be told by such a path: it stays, with a note.
      const cleared = await line('docker run --rm --privileged aptman/qus -- -r');
      expect(cleared).toMatchObject({
        exitCode: 0,
        stderr: expect.stringContaining('qemu-aarch64: kept: ') as string,
      });
      suite.table.remove('qemu-aarch64');
    });

    test('V: without -p the container needs QEMU, as a volume', async () => {
      expect(await line('docker run --rm --privileged aptman/qus -s -- aarch64')).toMatchObject({
        exitCode: 0,
      });
      expect(flagsIn(suite)).toEqual({ 'qemu-aarch64': '' });
      await expectRefused(suite, guests.arm64, 'no such file or directory');
      const volume = `-v=${await qemuBinary('11.1', 'aarch64')}:/usr/bin/qemu-aarch64-static`;
      const { stdout } = await line(`docker run --rm -t ${volume} arm64v8/ubuntu uname -m`);
      expect(stdout).toContain('aarch64\n');
    });
  });

  test('-h', async () => {
    const { exitCode, stdout } = await line('docker run --rm --privileged aptman/qus -h');
    expect(exitCode).toBe(0);
    for (const option of ['--help', '--interactive', '--list', '--static', '-- ARGS'])
      expect(stdout).toContain(option);
  });

  test('an unknown target: usage, exit code 2, and nothing is done', async () => {
    const before = flagsIn(suite);
    const failed = await line('docker run --rm --privileged aptman/qus -s -- -p pdp11');
    expect(failed).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('pdp11') as string });
    expect(flagsIn(suite)).toEqual(before);
  });
});
