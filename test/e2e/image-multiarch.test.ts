import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  allEntries,
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

// https://github.com/multiarch/qemu-user-static, https://github.com/alekitto/qemu-user-static: the lines of README.md and
// test.sh, in their order, with the outputs that they promise.
describeImage("the lines of multiarch/qemu-user-static's README", (suite) => {
  const { line, run } = suite;

  describe('Getting started', () => {
    test('an arm64 container does not run', async () => {
      const { exitCode, stdout } = await line('docker run --rm -t arm64v8/ubuntu uname -m');
      expect(stdout).toContain('exec format error');
      expect(exitCode).not.toBe(0);
    });

    test('docker run --rm --privileged multiarch/qemu-user-static --reset -p yes', async () => {
      const { exitCode, stdout } = await line(
        'docker run --rm --privileged multiarch/qemu-user-static --reset -p yes',
      );
      expect(exitCode).toBe(0);
      expect(stdout.split('\n').filter(Boolean).sort()).toEqual(
        ['aarch64', 'arm', 'riscv64', 's390x'].map(
          (target) => `Setting /usr/bin/qemu-${target}-static as binfmt interpreter for ${target}`,
        ),
      );
      expect(flagsIn(suite)).toEqual(allWith('F'));
    });

    test.each([
      ['docker run --rm -t arm64v8/ubuntu uname -m', 'aarch64'],
      ['docker run --rm -t s390x/ubuntu uname -m', 's390x'],
      ['docker run --rm -t arm32v7/centos uname -m', 'armv7l'],
    ])('%s: %s', async (command, machine) => {
      const { exitCode, stdout } = await line(command);
      expect(exitCode).toBe(0);
      expect(stdout.trimEnd().split('\n').at(-1)).toBe(machine);
    });

    test('the entry is what the README shows', () => {
      expect(entryText('qemu-aarch64')).toBe(
        'enabled\ninterpreter /usr/bin/qemu-aarch64-static\nflags: F\noffset 0\n' +
          'magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n',
      );
    });
  });

  describe('the register image', () => {
    test('has nothing to open for -p yes: it fails and leaves what runs', async () => {
      const failed = await line('docker run --rm --privileged multiarch/qemu-user-static:register -p yes');
      expect(failed.exitCode).toBe(3);
      expect(failed.stderr).toContain('ANYARCH_EMULATOR_NOT_FOUND');
      expect(flagsIn(suite)).toEqual(allWith('F'));
      await expectRuns(suite, guests.arm64);
    });

    test('docker run --rm --privileged multiarch/qemu-user-static:register --reset', async () => {
      const { exitCode, stderr } = await line(
        'docker run --rm --privileged multiarch/qemu-user-static:register --reset',
      );
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(flagsIn(suite)).toMatchObject(allWith(''));
      expect(Object.keys(flagsIn(suite))).toHaveLength(31);
    });

    test('without QEMU in the container: no such file or directory', async () => {
      const { stdout } = await line('docker run --rm -t arm64v8/ubuntu uname -m');
      expect(stdout).toContain('no such file or directory');
    });

    test('with a mounted QEMU: aarch64', async () => {
      const mount = `${await qemuBinary('11.1', 'aarch64')}:/usr/bin/qemu-aarch64-static`;
      const { exitCode, stdout } = await line(`docker run --rm -t -v ${mount} arm64v8/ubuntu uname -m`);
      expect(stdout).toContain('aarch64\n');
      expect(exitCode).toBe(0);
    });

    test('what is there already stays without --reset: File exists', async () => {
      const before = [...suite.table.state().entries];
      const { exitCode, stderr } = await line(
        'docker run --rm --privileged multiarch/qemu-user-static -p yes',
      );
      expect(exitCode).toBe(1);
      for (const target of ['aarch64', 'arm', 'riscv64', 's390x'])
        expect(stderr).toMatch(
          new RegExp(`^anyarch: ${target}: File exists: the entry qemu-${target} `, 'm'),
        );
      expect([...suite.table.state().entries]).toEqual(before);
    });
  });

  describe('images of one architecture', () => {
    test.each(['x86_64-aarch64', 'aarch64'])('%s runs /usr/bin/qemu-aarch64-static', async (tag) => {
      const command = `docker run --rm -t multiarch/qemu-user-static:${tag} /usr/bin/qemu-aarch64-static`;
      const help = await line(`${command} -help`);
      expect(help.stdout).toMatch(
        /^usage: qemu-aarch64 \[options\] program \[arguments\.\.\.\]\nLinux CPU emulator \(compiled for aarch64 emulation\)\n/,
      );
      const version = await line(`${command} -version`);
      expect(version.stdout).toMatch(/^qemu-aarch64 version \d+\.\d+\.\d+ .*\nCopyright \(c\) 2003-/);
    });

    test('registers its emulator when it is started without a command', async () => {
      expect(await run(['run', '--rm', '--privileged', 'anyarch:aarch64'])).toMatchObject({ exitCode: 0 });
      await expectRuns(suite, guests.arm64);
      await expectRefused(suite, guests.s390x, 'no such file or directory');
    });
  });

  describe('options', () => {
    test.each([
      ['docker run --rm --privileged multiarch/qemu-user-static --reset -p yes -c yes', 'OCF'],
      ['docker run --rm --privileged alekitto/qemu-user-static --reset --credential yes -p yes', 'OCF'],
      ['docker run --rm --privileged multiarch/qemu-user-static --reset -p yes -g yes', 'PF'],
    ])('%s: %s', async (command, flags) => {
      const { exitCode } = await line(command);
      expect(exitCode).toBe(0);
      expect(flagsIn(suite)).toEqual(allWith(flags));
      await expectRuns(suite, guests.s390x);
    });

    test('--help says how, and does nothing', async () => {
      const before = [...suite.table.state().entries];
      const { exitCode, stdout } = await line(
        'docker run --rm --privileged multiarch/qemu-user-static --reset --help',
      );
      expect(exitCode).toBe(0);
      for (const option of ['--qemu-path', '--qemu-suffix', '--systemd', '--debian', '--persistent yes|no'])
        expect(stdout).toContain(option);
      expect([...suite.table.state().entries]).toEqual(before);
    });

    test('unknown options: usage, exit code 2, and nothing is done', async () => {
      const before = [...suite.table.state().entries];
      const { exitCode, stderr } = await line(
        'docker run --rm --privileged multiarch/qemu-user-static --reset --presistent yes',
      );
      expect(exitCode).toBe(2);
      expect(stderr).toContain('ANYARCH_USAGE');
      expect([...suite.table.state().entries]).toEqual(before);
    });

    test('--systemd ALL --exportdir writes into a mounted directory, without privilege', async () => {
      const directory = join(temporaryDirectory('exports'), 'binfmt.d');
      mkdirSync(directory);
      const words = ['--systemd', 'ALL', '--exportdir', '/exports', '-p', 'yes'];
      const exported = await run(['run', '--rm', '-v', `${directory}:/exports`, 'anyarch', ...words]);
      expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
      expect(exported.stdout).toContain(
        'Setting /usr/bin/qemu-aarch64-static as binfmt interpreter for aarch64 for systemd-binfmt.service\n',
      );
      const files = readdirSync(directory);
      expect(files).toEqual(expect.arrayContaining(allEntries.map((name) => `${name}.conf`)));
      expect(files).toHaveLength(31);
      expect(readFileSync(join(directory, 'qemu-aarch64.conf'), 'utf8')).toMatch(
        /^:qemu-aarch64:M::\\x7fELF.*:\/usr\/bin\/qemu-aarch64-static:F\n$/,
      );
    });
  });
});
