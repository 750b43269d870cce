import { describe, expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import {
  allEntries,
  allWith,
  describeImage,
  expectRefused,
  expectRuns,
  flagsIn,
} from '../support/engines/image-suite.ts';
import { guests } from '../support/fixtures/guests.ts';
import { debianRule } from '../support/fixtures/rules.ts';

interface Status {
  readonly supported: readonly string[];
  readonly emulators: readonly string[] | null;
}

/** As docker/setup-qemu-action's src/main.ts takes it, which shows nothing but the last line of a failure. */
function statusOf({ exitCode, stdout, stderr }: CommandResult): Status {
  if (stderr.length > 0 && exitCode !== 0) throw new Error(/(.*)\s*$/.exec(stderr)?.[0].trim());
  return JSON.parse(stdout.trim()) as Status;
}

const emulated = ['linux/arm64', 'linux/riscv64', 'linux/s390x', 'linux/arm/v7', 'linux/arm/v6'];

// https://github.com/tonistiigi/binfmt README.md and hack/install-and-test, https://github.com/docker/setup-qemu-action.
describeImage("tonistiigi/binfmt's lines", (suite) => {
  const { line, table } = suite;
  const others = { jar: ':jar:E::jar::/usr/bin/jexec:', debian: 'qemu-mips64el' };

  test('others have entries: a jar, and a distribution its own for mips64el', async () => {
    table.register(others.jar);
    const { text } = await debianRule(guests.mips64el, others.debian);
    table.register(text);
    expect(flagsIn(suite)).toEqual({ 'qemu-mips64el': 'POF' });
  });

  describe('docker/setup-qemu-action, with reset', () => {
    const action = (...words: string[]) =>
      suite.run(['run', '--rm', '--privileged', 'anyarch:binfmt', ...words]);

    test('what multiarch has left behind is uninstalled, and nothing else', async () => {
      const multiarch = 'docker run --rm --privileged multiarch/qemu-user-static --reset -p yes -c yes';
      expect(await line(multiarch)).toMatchObject({ exitCode: 0 });
      expect(flagsIn(suite)).toEqual({ ...allWith('OCF'), 'qemu-mips64el': 'POF' });
      const { emulators } = statusOf(await action('--uninstall', 'qemu-*'));
      expect(emulators).toEqual(['jar', 'qemu-mips64el']);
      expect(flagsIn(suite)).toEqual({ 'qemu-mips64el': 'POF' });
      await expectRefused(suite, guests.arm64);
    });

    test('image inspect and --version', async () => {
      expect(await suite.run(['image', 'inspect', 'anyarch:binfmt'])).toMatchObject({ exitCode: 0 });
      const { exitCode, stderr } = await action('--version');
      expect(exitCode).toBe(0);
      expect(stderr).toMatch(/^binfmt\/\S+ qemu\/v\d+\.\d+\.\d+ \S+\/\S+\n$/);
    });

    test('--install all', async () => {
      const installed = await action('--install', 'all');
      expect(statusOf(installed).emulators).toEqual(['jar', ...allEntries, 'qemu-mips64el'].sort());
      expect(installed.stderr).toContain('installing: arm64 OK\n');
      expect(flagsIn(suite)).toEqual({ ...allWith('POCF'), 'qemu-mips64el': 'POF' });
    });

    test('without words: the status, whose platforms run', async () => {
      const result = await action();
      const { supported } = statusOf(result);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      expect(supported[0]).toBe('linux/amd64');
      expect(supported).toEqual(expect.arrayContaining(emulated));
      // The distribution's entry counts as well: its emulator is there, with flag F.
      expect(supported).toContain('linux/mips64le');
      expect(supported).not.toContain('linux/ppc64le');
      const [arm, s390x] = await Promise.all([suite.uname(guests.armhf), suite.uname(guests.s390x)]);
      expect([arm.stdout, s390x.stdout]).toEqual(['armv7l\n', 's390x\n']);
    });
  });

  describe('the README', () => {
    test.each([
      ['docker run --privileged --rm tonistiigi/binfmt --uninstall qemu-aarch64', guests.arm64, guests.s390x],
      ['docker run --privileged --rm tonistiigi/binfmt --uninstall s390x', guests.s390x, guests.armhf],
    ])('%s', async (command, gone, stays) => {
      expect(statusOf(await line(command)).emulators).not.toContain(`qemu-${gone.qemu}`);
      await expectRefused(suite, gone);
      await expectRuns(suite, stays);
    });

    test('docker run --privileged --rm tonistiigi/binfmt --install arm64,riscv64,arm', async () => {
      const command = 'docker run --privileged --rm tonistiigi/binfmt --install arm64,riscv64,arm';
      const { supported, emulators } = statusOf(await line(command));
      expect(supported).toEqual(expect.arrayContaining(['linux/arm64', 'linux/riscv64', 'linux/arm/v7']));
      expect(supported).not.toContain('linux/s390x');
      expect(emulators).toEqual(['jar', 'qemu-aarch64', 'qemu-arm', 'qemu-mips64el', 'qemu-riscv64']);
    });

    test('docker run --rm --platform linux/arm64 alpine uname -m', async () => {
      expect(await line('docker run --rm --platform linux/arm64 alpine uname -m')).toMatchObject({
        exitCode: 0,
        stdout: 'aarch64\n',
      });
    });
  });

  describe('failures', () => {
    test('an unknown platform: not 0, its reason last, and the others are installed', async () => {
      const words = ['run', '--rm', '--privileged', 'anyarch:binfmt', '--install', 'pdp11,s390x'];
      const failed = await suite.run(words);
      expect(failed.exitCode).toBe(3);
      expect(() => statusOf(failed)).toThrow('unsupported architecture: "pdp11"');
      expect((JSON.parse(failed.stdout) as Status).supported).toContain('linux/s390x');
    });

    test('one whose emulator the image has not: not 0, and a platform says so', async () => {
      const failed = await suite.run([
        ...['run', '--rm', '--privileged', 'anyarch:binfmt', '--install', 'ppc64le'],
      ]);
      expect(failed.exitCode).toBe(1);
      expect(() => statusOf(failed)).toThrow('ANYARCH_EMULATOR_NOT_FOUND');
    });

    test.each([
      ['an entry of others, named', ['--uninstall', 'jar'], 1, 'ANYARCH_ENTRY_OF_OTHERS'],
      ["the distribution's entry, named", ['--uninstall', 'qemu-mips64el'], 1, 'ANYARCH_ENTRY_OF_OTHERS'],
      ['an unknown option', ['--instal', 'all'], 2, 'unknown option "--instal"'],
    ])('%s', async (_, words, exitCode, text) => {
      const failed = await suite.run(['run', '--rm', '--privileged', 'anyarch:binfmt', ...words]);
      expect(failed).toMatchObject({ exitCode, stderr: expect.stringContaining(text) as string });
    });
  });

  test('entries of others survive all of it, byte for byte', async () => {
    const { stderr } = await line('docker run --privileged --rm tonistiigi/binfmt --uninstall qemu-*');
    expect(stderr).toContain('uninstalling: qemu-mips64el kept: ');
    const entries = table.state().entries;
    expect([...entries.keys()].sort()).toEqual(['jar', 'qemu-mips64el']);
    expect(entries.get('jar')).toBe('enabled\ninterpreter /usr/bin/jexec\nflags: \nextension .jar\n');
    const { text } = await debianRule(guests.mips64el, others.debian);
    expect(entries.get(others.debian)).toContain(`interpreter ${text.split(':').at(-2)}\nflags: POF\n`);
    for (const name of ['jar', others.debian]) table.remove(name);
  });
});
