import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, test } from 'vitest';
import recorded from '../../../test/data/qemu-script-10.0.13.json' with { type: 'json' };
import { decodeUtf8 } from '../../core/text.ts';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import type { Outcome } from '../command.ts';
import { commands } from '../commands/index.ts';
import { parseCommandLine } from '../parse.ts';
import { testContext } from '../testing/test-context.ts';
import { handleExport } from './export.ts';

let host: FakeHost;
beforeEach(() => {
  host = fakeHost();
});

const run = async (...words: readonly string[]): Promise<Outcome> => {
  const { options, positionals } = parseCommandLine(['export', ...words], commands);
  return await handleExport({ options, positionals, context: testContext(host) });
};

const written = (path: string): string => decodeUtf8(host.files.read(path));

describe('to stdout', () => {
  test('rules for systemd together, remarks on stderr', async () => {
    const { exitCode, text, errorText } = await run('systemd', '--qemu-path', '/usr/bin/');
    expect(exitCode).toBe(0);
    const [mark, ...lines] = text?.trimEnd().split('\n') ?? [];
    expect(mark).toMatch(/^# Written by "anyarch export"/);
    expect(lines).toHaveLength(31);
    expect(lines[0]).toMatch(/^:qemu-aarch64:M::.*:\/usr\/bin\/qemu-aarch64:FP$/);
    expect(errorText).toBe(
      "anyarch: left out, as the machine's own family: i386, x86_64 (--own-family exports all but its own)\n" +
        'anyarch: warning: there is no program /usr/bin/qemu-aarch64, nor 30 others yet, and flag F needs it at registration\n',
    );
  });

  test('one file for update-binfmts, not several', async () => {
    const { text } = await run('debian', 'arm64', '--host', 's390x', '-Q', '/q', '-F', '-static');
    expect(text).toMatch(/^#.*\npackage qemu-aarch64\ninterpreter \/q\/qemu-aarch64-static\n/);
    await expect(run('debian', 'arm64,arm', '-Q', '/q')).rejects.toMatchObject({ code: 'ANYARCH_USAGE' });
  });

  test('the document has every rule', async () => {
    const { document } = await run('systemd', 'arm64', '-Q', '/q');
    expect(document).toMatchObject({
      schema: 'anyarch/export/1',
      form: 'systemd',
      files: [{ architecture: 'aarch64', interpreter: '/q/qemu-aarch64', fileName: 'qemu-aarch64.conf' }],
    });
  });
});

describe('to a directory', () => {
  test('a file each, and what to do next', async () => {
    const words = ['systemd', 'arm64', 'riscv64', '--dir', '/etc/binfmt.d', '-Q', '/q'];
    const planned = await run(...words, '--dry-run');
    expect(planned.text).toContain('would create  /etc/binfmt.d/qemu-aarch64.conf');
    expect(host.files.status('/etc/binfmt.d')).toBeUndefined();
    const { text } = await run(...words);
    expect(text).toMatch(
      /^created {2}\/etc\/binfmt\.d\/qemu-aarch64\.conf[^]*next: sudo systemctl restart systemd-binfmt\n$/,
    );
    expect(host.files.list('/etc/binfmt.d')).toEqual(['qemu-aarch64.conf', 'qemu-riscv64.conf']);
    expect((await run(...words)).text).toContain('kept  /etc');
    const replaced = await run(...words, '--preserve-argv0', 'no');
    expect(replaced.document).toMatchObject({ files: [{ action: 'replace' }, { action: 'replace' }] });
    host.files.addFile('/etc/binfmt.d/qemu-riscv64.conf', '# mine\n');
    await expect(run(...words)).rejects.toMatchObject({ code: 'ANYARCH_OUTPUT_EXISTS' });
    expect((await run(...words, '--force')).exitCode).toBe(0);
  });

  test('for update-binfmts', async () => {
    expect((await run('debian', '--dir', '/usr/share/binfmts', '-Q', '/q')).text).toContain(
      'next: sudo update-binfmts --import\n',
    );
    const nextOf = async (...words: string[]) =>
      (await run('debian', ...words, '-Q', '/q')).text?.split('\n').at(-2);
    expect(await nextOf('arm', '--dir', '/x')).toBe('next: sudo update-binfmts --import /x/qemu-arm');
    expect(await nextOf('all', '--dir', '/my own')).toBe(
      `next: for f in '/my own'/qemu-*; do sudo update-binfmts --import "$f"; done`,
    );
  });
});

describe("QEMU's command line", () => {
  test('writes and prints what the script does', async () => {
    const { text } = await run(
      '--systemd',
      'aarch64',
      '--exportdir',
      '/out',
      '--persistent',
      'yes',
      '-c',
      'yes',
    );
    expect(text).toBe(
      'Setting /usr/local/bin/qemu-aarch64 as binfmt interpreter for aarch64 for systemd-binfmt.service\n',
    );
    expect(written('/out/qemu-aarch64.conf')).toMatch(
      /^:qemu-aarch64:.*:\/usr\/local\/bin\/qemu-aarch64:OCF\n$/,
    );
    await run('-s', 'arm', '-e', '/out', '--qemu-suffix', '-static', '--qemu-path', '/usr/bin');
    expect(written('/out/qemu-arm.conf')).toContain(':/usr/bin/qemu-arm-static:\n');
    expect((await run('-s', 'ALL', '-e', '/out', '-i', 'yes')).text?.trimEnd().split('\n')).toHaveLength(33);
    expect(await run('-d', '-e', '/deb', '--dry-run')).toMatchObject({ exitCode: 0 });
    expect(host.files.status('/deb')).toBeUndefined();
    expect((await run('-d', '-e', '/deb')).text).toBe('');
    expect(host.files.list('/deb')).toHaveLength(31);
  });

  test('replaces what the script writes, and nothing else without force', async () => {
    await run('-s', 'arm', '-e', '/out');
    await run('-s', 'arm', '-e', '/out', '-p', 'yes', '-Q', '/usr/bin');
    expect(written('/out/qemu-arm.conf')).toContain(':/usr/bin/qemu-arm:F\n');
    host.files.addFile('/out/qemu-arm.conf', '# mine\n');
    await expect(run('-s', 'arm', '-e', '/out')).rejects.toMatchObject({ code: 'ANYARCH_OUTPUT_EXISTS' });
    expect((await run('-s', 'arm', '-e', '/out', '--force')).exitCode).toBe(0);
  });
});

test.each([
  [[], 'systemd or debian'],
  [['systemd', '--systemd', 'ALL'], '--systemd is an option'],
  [['systemd', 'arm', '-i', 'yes'], '--ignore-family is an option'],
  [['--systemd', 'ALL', '--dir', '/x'], '--dir needs a FORM'],
  [['-d', '-s', 'ALL'], 'exclude each other'],
  [['-s', 'ALL', '-p', 'maybe'], 'yes or no'],
  [['systemd', '-g', 'maybe'], '--preserve-argv0 is one of'],
  [['systemd', '-Q', 'bin'], 'the path of the interpreters is "bin"'],
  [['systemd', '-Q', '/q', '--qemu', '10'], '--qemu chooses'],
  [['exotic'], 'FORM is one of'],
] as const)('%j is refused', async (words, message) => {
  const refused = run(...words);
  await expect(refused).rejects.toMatchObject({ code: 'ANYARCH_USAGE' });
  await expect(refused).rejects.toThrow(message);
});

describe("the command line of QEMU's script", () => {
  // Digests of what the script itself wrote: src/dialects/multiarch/qemu-script.test.ts.
  const options = ['-d', '-sALL'].flatMap((kind) =>
    ['yes', 'no'].flatMap((p) =>
      ['yes', 'no'].flatMap((c) => ['yes', 'no'].map((g) => [kind, '-p', p, `-c${c}`, `--preserve-a=${g}`])),
    ),
  );

  const digestOf = async (machine: string, ...words: readonly string[]): Promise<string> => {
    host = fakeHost({ system: { environment: { HOST_ARCH: machine } } });
    host.files.addDirectory('/out');
    const { text = '' } = await run('-F', '-static', '-Q', '/usr/bin', '-e', '/out', ...words);
    const digest = createHash('sha256').update(text);
    // The script's pattern for microblaze takes no program, ours does.
    for (const name of host.files
      .list('/out')
      .filter((one) => !/^qemu-microblaze(\.conf)?$/.test(one))
      .toSorted())
      digest.update(`\0${name}\0${written(`/out/${name}`)}`);
    return digest.digest('hex');
  };
  const recordedFor = (machine: string, words: readonly string[]) =>
    (recorded as Readonly<Record<string, string>>)[
      `${machine} ${words.map((word) => JSON.stringify(word)).join(' ')}`
    ];

  test.each(options)('writes the same bytes: %s %s %s %s %s', async (...words) => {
    const spelled = words.map((word) => word.replace('--preserve-a=', '--preserve-argv0='));
    expect(await digestOf('s390x', ...spelled)).toBe(recordedFor('s390x', words));
  });

  test.each(['x86_64', 'aarch64', 'ppc64le', 'mips64el'])('of the own family, too: %s', async (machine) => {
    for (const family of ['yes', 'no']) {
      const words = ['--systemd', 'ALL', '-i', family];
      expect(await digestOf(machine, '--ignore-family', family, '--systemd', 'ALL')).toBe(
        recordedFor(machine, words),
      );
    }
  });
});
