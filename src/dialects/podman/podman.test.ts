import { beforeEach, describe, expect, test } from 'vitest';
import type { FakeHost } from '../../host/testing/index.ts';
import {
  aarch64Pattern,
  registrationHost,
  type RegistrationHost,
} from '../../registration/testing/registration-host.ts';
import type { DialectOutcome } from '../dialect.ts';
import { addEmulator } from '../testing/image-host.ts';
import { podman } from './podman.ts';

let machine: RegistrationHost;
let host: FakeHost;
beforeEach(() => {
  machine = registrationHost([]);
  ({ host } = machine);
});

const addEmulators = (targets: readonly string[]): void => {
  for (const target of targets) addEmulator(host, target, '/usr/bin');
};

const run = (...words: string[]): DialectOutcome => podman({ host, words, version: '1.0.0' });
const flagsOf = (name: string): string | undefined =>
  /^flags: (.*)$/m.exec(machine.entries().get(name) ?? '')?.[1];

const aarch64 = (flags: string, interpreter = '/usr/bin/qemu-aarch64-static') =>
  `:qemu-aarch64:${aarch64Pattern}:${interpreter}:${flags}`;

describe('without configuration', () => {
  test.each([[[]], [['systemd-binfmt']], [['/usr/lib/systemd/systemd-binfmt']]])(
    '%j registers every emulator of the image with our own flags',
    (words) => {
      addEmulators(['aarch64', 's390x']);
      expect(run(...words)).toEqual({
        exitCode: 0,
        stdout:
          'registered qemu-aarch64 /usr/bin/qemu-aarch64-static (QEMU 11.1.3)\n' +
          'registered qemu-s390x /usr/bin/qemu-s390x-static (QEMU 11.1.3)\n',
        stderr: '',
      });
      expect([...machine.entries().keys()].toSorted()).toEqual(['qemu-aarch64', 'qemu-s390x']);
      expect(flagsOf('qemu-aarch64')).toBe('PF');
    },
  );

  test('a second container replaces what the first one made', () => {
    addEmulators(['aarch64']);
    run();
    host.files.remove('/var/lib/anyarch');
    expect(run().stdout).toMatch(/^replaced qemu-aarch64/);
    expect([...machine.entries().keys()]).toEqual(['qemu-aarch64']);
  });

  test('an image without emulators has nothing to do', () => {
    expect(() => run()).toThrowWithCode('ANYARCH_EMULATOR_NOT_FOUND');
  });

  test.each([[['--unregister']], [['systemd-binfmt', '--help']], [['sh']]])('%j is refused', (words) => {
    addEmulators(['aarch64']);
    expect(() => run(...words)).toThrowWithCode('ANYARCH_USAGE');
    expect(machine.entries().size).toBe(0);
  });
});

describe('with files in binfmt.d', () => {
  const configure = (directory: string, name: string, content: string): void => {
    host.files.addFile(`${directory}/${name}`, content);
  };

  test('their flags and interpreters count, and the rest of the image is registered besides', () => {
    addEmulators(['aarch64', 's390x']);
    configure('/usr/lib/binfmt.d', 'qemu-aarch64-static.conf', `# Fedora\n; too\n\n  ${aarch64('F')}\n`);
    expect(run()).toEqual({
      exitCode: 0,
      stdout:
        'registered qemu-s390x /usr/bin/qemu-s390x-static (QEMU 11.1.3)\n' +
        'registered qemu-aarch64 /usr/bin/qemu-aarch64-static (QEMU 11.1.3)\n',
      stderr: '',
    });
    expect(flagsOf('qemu-aarch64')).toBe('F');
    expect(flagsOf('qemu-s390x')).toBe('PF');
  });

  test('a stronger directory hides files of the same name, even with nothing', () => {
    addEmulators(['aarch64', 's390x']);
    host.files.addFile('/dev/null', '');
    host.addProgram('/usr/bin/j');
    configure('/usr/lib/binfmt.d', 'a.conf', aarch64('OC'));
    host.files.addLink('/etc/binfmt.d/a.conf', '/dev/null');
    configure('/usr/lib/binfmt.d', 'b.conf', ':b1:M::B1::/usr/bin/j:\n');
    configure('/run/binfmt.d', 'b.conf', '');
    configure('/usr/lib/binfmt.d', 'c.conf', ':c1:M::C1::/usr/bin/j:\n');
    configure('/usr/local/lib/binfmt.d', 'c.conf', ':c2:M::C2::/usr/bin/j:\n');
    configure('/etc/binfmt.d', 'd.txt', ':d:M::D::/usr/bin/j:\n');
    expect(run()).toMatchObject({ exitCode: 0 });
    expect([...machine.entries().keys()].toSorted()).toEqual(['c2', 'qemu-aarch64', 'qemu-s390x']);
    expect(flagsOf('qemu-aarch64')).toBe('PF');
  });

  test('files are read in the order of their names: the last one of a name counts', () => {
    addEmulators(['aarch64']);
    configure('/usr/lib/binfmt.d', 'z.conf', aarch64('OC'));
    configure('/etc/binfmt.d', 'a.conf', aarch64('F'));
    run();
    expect(flagsOf('qemu-aarch64')).toBe('OC');
  });

  test("rules of others are registered as they are, once, and flag O as it is in Debian's", () => {
    addEmulators(['aarch64']);
    host.addProgram('/usr/bin/jexec');
    configure('/usr/lib/binfmt.d', 'jar.conf', ':jar:E::jar::/usr/bin/jexec:');
    configure('/usr/lib/binfmt.d', 'qemu-aarch64.conf', aarch64('OPF'));
    expect(run()).toMatchObject({
      exitCode: 0,
      stdout:
        'registered jar /usr/bin/jexec (/usr/lib/binfmt.d/jar.conf)\n' +
        'registered qemu-aarch64 /usr/bin/qemu-aarch64-static (/usr/lib/binfmt.d/qemu-aarch64.conf)\n',
    });
    expect(machine.entries().get('jar')).toContain('extension .jar');
    expect(flagsOf('qemu-aarch64')).toBe('POF');
    expect(run().stdout).toMatch(/^kept jar .*\nkept qemu-aarch64/);
  });

  test('what cannot be registered is reported, and the rest is done', () => {
    addEmulators(['s390x']);
    configure('/etc/binfmt.d', 'broken.conf', 'nonsense\n');
    configure('/etc/binfmt.d', 'missing.conf', `${aarch64('F')}\n:odd:M::ODD::/usr/bin/odd:F\n`);
    machine.addEntry(':jar:M::OLD::/usr/bin/qemu-s390x-static:');
    configure('/etc/binfmt.d', 'taken.conf', ':jar:M::PK::/usr/bin/jexec:\n');
    const { exitCode, stdout, stderr } = run();
    expect(exitCode).toBe(3);
    expect(stdout).toBe('registered qemu-s390x /usr/bin/qemu-s390x-static (QEMU 11.1.3)\n');
    expect(stderr).toMatch(/\/etc\/binfmt\.d\/broken\.conf: .*\[ANYARCH_RULE_INVALID\]/);
    expect(stderr).toMatch(
      /qemu-aarch64: there is no \/usr\/bin\/qemu-aarch64-static.*\[ANYARCH_EMULATOR_NOT_FOUND\]/,
    );
    expect(stderr).toMatch(
      /odd \(.*missing\.conf\): the kernel refuses it \(ENOENT\) \[ANYARCH_REGISTER_FAILED\]/,
    );
    expect(stderr).toMatch(/jar \(.*taken\.conf\): File exists/);
    expect(machine.entries().get('jar')).toContain('magic 4f4c44');
  });

  test('without flag F an interpreter may be elsewhere', () => {
    configure('/etc/binfmt.d', 'a.conf', aarch64(''));
    expect(run()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(flagsOf('qemu-aarch64')).toBe('');
  });

  test('native programs are never taken', () => {
    addEmulators(['s390x']);
    configure(
      '/etc/binfmt.d',
      'a.conf',
      ':qemu-i386:M::\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x03\\x00::/usr/bin/qemu-s390x-static:F\n',
    );
    configure('/etc/binfmt.d', 'b.conf', ':elf:M::\\x7fELF::/usr/bin/qemu-s390x-static:\n');
    const { exitCode, stdout } = run();
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^left out qemu-i386: .*natively/m);
    expect(stdout).toMatch(/^left out elf: it can take programs of/m);
    expect([...machine.entries().keys()]).toEqual(['qemu-s390x']);
  });
});

describe('rules that can take native programs', () => {
  const write = (rule: string): DialectOutcome => {
    addEmulators(['s390x']);
    host.files.addFile('/etc/binfmt.d/a.conf', `${rule}\n`);
    return run();
  };

  test.each([
    [
      'every position-independent program',
      'M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x03\\x00\\x3e\\x00:',
    ],
    ['the same by its middle', 'M:16:\\x03\\x00\\x3e\\x00:'],
    ['by two letters', 'M:2:LF:'],
    ['behind all that tells programs apart', 'M:64:\\x06:'],
    ['nothing compared', 'M::\\x7fXXX:\\xff\\x00\\x00\\x00'],
  ])('%s: left out', (_, pattern) => {
    const { exitCode, stdout } = write(`:bad:${pattern}:/usr/bin/qemu-s390x-static:F`);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^left out bad: it can take programs of (x86_64|i386), which run natively$/m);
    expect([...machine.entries().keys()]).toEqual(['qemu-s390x']);
  });

  test.each([
    ['an extension', 'E::exe:'],
    ['what is no ELF', 'M::MZ:'],
    ['AppImages, by the padding of e_ident', 'M:8:AI\\x02:'],
    [
      'ELF of another architecture',
      'M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x03\\x00\\xf3\\x00:',
    ],
  ])('%s: registered', (_, pattern) => {
    expect(write(`:good:${pattern}:/usr/bin/qemu-s390x-static:F`)).toMatchObject({ exitCode: 0, stderr: '' });
    expect([...machine.entries().keys()].toSorted()).toEqual(['good', 'qemu-s390x']);
  });

  test('what breaks them all the same is taken back', () => {
    const { executor, binfmt } = host;
    const hasRule = () => binfmt.fake.entries.some(({ entry }) => entry.name === 'odd');
    const broken: FakeHost = {
      ...host,
      executor: {
        ...executor,
        executeAll: (programs) =>
          hasRule()
            ? programs.map(() => ({ kind: 'refused', errno: 'ELOOP' }))
            : executor.executeAll(programs),
      },
    };
    addEmulators(['s390x']);
    host.files.addFile('/etc/binfmt.d/a.conf', ':odd:M::MZ::/usr/bin/qemu-s390x-static:F\n');
    const { exitCode, stderr } = podman({ host: broken, words: [], version: '1.0.0' });
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(
      /odd .*programs of (x86_64|i386).* did not run any more .*\[ANYARCH_PROBE_FAILED\]/,
    );
    expect([...machine.entries().keys()]).toEqual(['qemu-s390x']);
  });
});

test('SELinux: registered, but of no use to others', () => {
  addEmulators(['aarch64']);
  host.files.addFile('/sys/fs/selinux/enforce', '1');
  host.files.addFile('/proc/self/attr/current', 'system_u:system_r:container_t:s0:c1,c2\0');
  const { exitCode, stderr } = run();
  expect(exitCode).toBe(3);
  expect(stderr).toContain('--security-opt label=filetype:container_file_t --security-opt label=level:s0');
  expect(machine.entries().size).toBe(1);
});
