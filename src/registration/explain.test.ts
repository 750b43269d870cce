import { describe, expect, test } from 'vitest';
import { buildElf } from '../core/testing/elf-image.ts';
import { buildProbe } from '../core/probe/probe.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { explainFile } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { aarch64Pattern, registrationHost } from './testing/registration-host.ts';

function addProbe(host: FakeHost, architecture: string, path = `/${architecture}`): string {
  host.files.addFile(path, buildProbe(architecture), { mode: 0o755 });
  return path;
}

function dynamicProgram(loader: string): Uint8Array {
  return buildElf({ class: 64, endianness: 'little', machine: 183, interpreter: loader, dynamic: [[1, 1]] });
}

/** What execve really does must be what was explained. */
function explainAndCompare(host: FakeHost, path: string): Explanation {
  const explanation = explainFile(host, path);
  const outcome = host.executor.execute(path);
  expect(outcome.kind === 'refused' ? outcome.errno : undefined).toBe(explanation.verdict.errno);
  return explanation;
}

function seenBy({ verdict }: Explanation): string[] {
  return verdict.messages.map(({ by }) => by);
}

test('a native program', () => {
  const { host } = registrationHost();
  expect(explainAndCompare(host, addProbe(host, 'x86_64'))).toMatchObject({
    levels: [
      {
        content: { kind: 'elf', architecture: 'x86_64', isNative: true, linkage: 'static' },
        takenBy: 'kernel',
      },
    ],
    verdict: { outcome: 'native', runs: '/x86_64', messages: [], remedy: undefined },
  });
});

test('a foreign program without and with an entry', () => {
  const { host, register, emulators } = registrationHost();
  const path = addProbe(host, 'aarch64');
  expect(explainAndCompare(host, path).verdict).toMatchObject({
    outcome: 'fails',
    errno: 'ENOEXEC',
    reason: 'it is a program for aarch64, and no entry takes it',
    remedy: expect.stringContaining('anyarch register aarch64') as string,
  });
  register({ architectures: ['arm64', 'riscv64'] });
  const explained = explainAndCompare(host, path);
  expect(explained.verdict).toMatchObject({ outcome: 'emulated', runs: emulators.get('aarch64')?.path });
  const [level] = explained.levels;
  expect(level).toMatchObject({ takenBy: 'entry', winner: 'qemu-aarch64' });
  expect(level?.entries.map(({ name, result, bytes }) => [name, result, bytes.length])).toEqual([
    ['qemu-riscv64', 'differs', 20],
    ['qemu-aarch64', 'wins', 20],
  ]);
  expect(level?.entries[0]?.reason).toBe('byte 18 is b7, wanted is f3');
  expect(level?.entries[0]?.bytes.filter(({ equal }) => !equal).map(({ position }) => position)).toEqual([
    18,
  ]);
});

test('losers: shadowed, disabled, switched off', () => {
  const { host, register, addEntry } = registrationHost();
  const path = addProbe(host, 'aarch64');
  addEntry(`:old:${aarch64Pattern}:/opt/emulator:`);
  register({ architectures: ['arm64'] });
  expect(explainAndCompare(host, path).levels[0]?.entries.map(({ name, result }) => [name, result])).toEqual([
    ['qemu-aarch64', 'wins'],
    ['old', 'shadowed'],
  ]);
  host.binfmt.table().control('old', '0');
  host.binfmt.table().control('qemu-aarch64', '0');
  expect(explainAndCompare(host, path).verdict).toMatchObject({
    errno: 'ENOEXEC',
    reason: 'the entry qemu-aarch64 would match, but it is disabled',
  });
  host.binfmt.table().control('qemu-aarch64', '1');
  host.files.writeOnce('/proc/sys/fs/binfmt_misc/status', Uint8Array.of(0x30));
  expect(explainAndCompare(host, path).verdict).toMatchObject({
    errno: 'ENOEXEC',
    remedy: 'echo 1 > /proc/sys/fs/binfmt_misc/status',
  });
});

test('interpreters that cannot be started', () => {
  const { host, register, emulators, addEntry } = registrationHost();
  const path = addProbe(host, 'aarch64');
  register({ architectures: ['arm64'], fixBinary: false });
  const emulator = emulators.get('aarch64')!.path;
  host.files.remove(emulator);
  expect(explainAndCompare(host, path).verdict).toMatchObject({
    errno: 'ENOENT',
    reason: expect.stringContaining('the entry qemu-aarch64 names an interpreter') as string,
  });
  host.files.addFile(emulator, 'x', { mode: 0o644 });
  expect(explainAndCompare(host, path).verdict).toMatchObject({ errno: 'EACCES' });
  addProbe(host, 'aarch64', '/opt/loop');
  addEntry(`:loop:${aarch64Pattern}:/opt/loop:`);
  expect(explainAndCompare(host, path).verdict).toMatchObject({
    errno: 'ELOOP',
    reason: expect.stringContaining('loop itself') as string,
  });
});

test('a pinned interpreter runs although its file is gone', () => {
  const { host, register, emulators } = registrationHost();
  const path = addProbe(host, 'aarch64');
  register({ architectures: ['arm64'] });
  host.files.remove(emulators.get('aarch64')!.path);
  expect(explainAndCompare(host, path).verdict).toMatchObject({ outcome: 'emulated', errno: undefined });
});

test('a pinned interpreter runs although its directory is closed to this user', () => {
  const { host, register, emulators } = registrationHost();
  const path = addProbe(host, 'aarch64');
  register({ architectures: ['arm64'] });
  for (const method of ['status', 'readAt'] as const)
    host.files.fail({ errno: 'EACCES', method, path: emulators.get('aarch64')!.path });
  const { verdict, levels } = explainFile(host, path);
  expect(verdict).toMatchObject({ outcome: 'emulated', errno: undefined });
  expect(levels.at(-1)?.content).toMatchObject({ reason: expect.stringContaining('pinned') as string });
});

test('files that cannot be executed', () => {
  const { host } = registrationHost();
  host.files.addFile('/plain', 'x', { mode: 0o644 });
  host.files.addLink('/dangling', '/nowhere');
  host.files.addLink('/circle', '/circle');
  host.files.addFile('/text', 'echo hello\n', { mode: 0o755 });
  host.files.addFile('/empty', '', { mode: 0o755 });
  host.files.addFile('/binary', 'MZ\0\n', { mode: 0o755 });
  for (const [path, errno, reason] of [
    ['/nothing', 'ENOENT', 'does not exist'],
    ['/dangling', 'ENOENT', 'a link to /nowhere'],
    ['/plain', 'EACCES', 'not executable (mode 0644)'],
    ['/tmp', 'EACCES', 'a directory'],
    ['/text', 'ENOEXEC', 'shells then run /text as a script'],
    ['/empty', 'ENOEXEC', 'an empty file'],
    ['/binary', 'ENOEXEC', 'no entry takes it'],
  ] as const) {
    const { verdict } = explainAndCompare(host, path);
    expect(verdict).toMatchObject({ outcome: 'fails', errno });
    expect(verdict.reason).toContain(reason);
  }
  const binary = explainFile(host, '/binary');
  expect(seenBy(binary)).toContain('bash');
  expect(binary.verdict.reason).not.toContain('shells');
  for (const path of ['/text', '/empty'])
    expect(seenBy(explainFile(host, path))).toEqual([
      'docker, podman with runc',
      'podman with crun',
      'chroot into a foreign root',
    ]);
  expect(explainFile(host, '/circle').verdict).toMatchObject({ outcome: 'fails', errno: 'ELOOP' });
});

test('a file on a noexec mount', () => {
  const { host } = registrationHost();
  host.files.mount('/mnt', { type: 0x01021994, noExecute: true });
  host.files.addFile('/mnt/x', buildProbe('x86_64'), { mode: 0o755 });
  host.files.addFile(
    '/proc/self/mountinfo',
    '1 0 0:1 / / rw - ext4 x rw\n2 1 0:2 / /mnt rw,noexec - tmpfs x rw\n',
  );
  expect(explainAndCompare(host, '/mnt/x').verdict).toMatchObject({
    errno: 'EACCES',
    reason: '/mnt/x is on /mnt, which is mounted noexec',
  });
});

test('scripts hand over to their interpreter', () => {
  const { host, register } = registrationHost();
  addProbe(host, 'x86_64', '/bin/interpreter');
  addProbe(host, 'aarch64', '/bin/foreign');
  host.files.addFile('/script', '#! /bin/interpreter -a b\n', { mode: 0o755 });
  host.files.addFile('/foreign-script', '#!/bin/foreign\n', { mode: 0o755 });
  host.files.addFile('/broken-script', '#!/bin/missing\n', { mode: 0o755 });
  expect(explainAndCompare(host, '/script')).toMatchObject({
    levels: [
      { content: { kind: 'script', interpreter: '/bin/interpreter', argument: '-a b' }, takenBy: 'script' },
      { takenBy: 'kernel' },
    ],
    verdict: { outcome: 'native', runs: '/bin/interpreter' },
  });
  expect(explainAndCompare(host, '/broken-script').verdict).toMatchObject({
    errno: 'ENOENT',
    reason: expect.stringContaining('the #! line of /broken-script') as string,
  });
  const foreign = explainAndCompare(host, '/foreign-script');
  expect(foreign.verdict).toMatchObject({
    errno: 'ENOEXEC',
    reason: expect.stringContaining('shells then run /foreign-script as a script of theirs') as string,
  });
  expect(seenBy(foreign)).not.toContain('bash');
  register({ architectures: ['arm64'] });
  expect(explainAndCompare(host, '/foreign-script').verdict).toMatchObject({ outcome: 'emulated' });
});

test('scripts that name each other', () => {
  const { host } = registrationHost();
  host.files.addFile('/a', '#!/b\n', { mode: 0o755 });
  host.files.addFile('/b', '#!/a\n', { mode: 0o755 });
  expect(explainAndCompare(host, '/a').verdict).toMatchObject({ errno: 'ELOOP' });
});

test.each([
  ['', 'ELOOP', 'is taken by the entry loop itself'],
  ['F', 'ELOOP', 'is taken by the entry loop itself'],
  ['O', 'ENOEXEC', 'is itself taken by the entry loop, which an entry with flag O does not allow'],
  ['OPF', 'ENOEXEC', 'which an entry with flag O does not allow'],
  ['C', 'ENOEXEC', 'which an entry with flag C does not allow'],
])('an interpreter that its own entry takes, with the flags "%s": %s', (flags, errno, reason) => {
  const { host, addEntry } = registrationHost();
  addProbe(host, 'aarch64', '/opt/loop');
  addEntry(`:loop:${aarch64Pattern}:/opt/loop:${flags}`);
  const { verdict } = explainAndCompare(host, addProbe(host, 'aarch64'));
  expect(verdict).toMatchObject({ outcome: 'fails', errno });
  expect(verdict.reason).toContain(reason);
});

test('a script as the interpreter of an entry', () => {
  const { host, addEntry } = registrationHost();
  addProbe(host, 'x86_64', '/bin/interpreter');
  host.files.addFile('/opt/wrapper', '#!/bin/interpreter\n', { mode: 0o755 });
  const path = addProbe(host, 'aarch64');
  addEntry(`:plain:${aarch64Pattern}:/opt/wrapper:P`);
  expect(explainAndCompare(host, path).verdict).toMatchObject({ outcome: 'emulated' });
  addEntry(`:open:${aarch64Pattern}:/opt/wrapper:OPF`);
  const { verdict, levels } = explainAndCompare(host, path);
  expect(verdict).toMatchObject({
    errno: 'ENOEXEC',
    reason:
      'the interpreter /opt/wrapper of the entry open is a script, which an entry with flag O does not allow',
  });
  expect(levels).toHaveLength(3);
  // The kernel opens the next interpreter before it refuses.
  host.files.remove('/bin/interpreter');
  expect(explainAndCompare(host, path).verdict).toMatchObject({ errno: 'ENOENT' });
});

test('a script whose interpreter is foreign runs behind flag O', () => {
  const { host, register } = registrationHost();
  register({ architectures: ['arm64'], credentials: true });
  host.files.addFile('/script', `#!${addProbe(host, 'aarch64')}\n`, { mode: 0o755 });
  expect(explainAndCompare(host, '/script').verdict).toMatchObject({ outcome: 'emulated' });
});

test('five interpreters in a row, and one more', () => {
  const { host } = registrationHost();
  addProbe(host, 'x86_64', '/s0');
  for (let n = 1; n <= 6; n += 1) host.files.addFile(`/s${n}`, `#!/s${n - 1}\n`, { mode: 0o755 });
  expect(explainAndCompare(host, '/s5').verdict).toMatchObject({ outcome: 'native', runs: '/s0' });
  expect(explainAndCompare(host, '/s6').verdict).toMatchObject({
    errno: 'ELOOP',
    reason: 'the kernel follows 5 interpreters in a row, and /s0 would be one more',
  });
  host.files.remove('/s0');
  expect(explainAndCompare(host, '/s6').verdict).toMatchObject({ errno: 'ENOENT' });
});

test('the loader of a native program is looked up in the root, too', () => {
  const { host } = registrationHost();
  const native = buildElf({
    class: 64,
    endianness: 'little',
    machine: 62,
    interpreter: '/lib/ld.so',
    dynamic: [[1, 1]],
  });
  host.files.addFile('/guest/program', native, { mode: 0o755 });
  const explain = (root: string) => explainFile(host, '/guest/program', { root }).verdict;
  host.files.addFile('/guest/lib/ld.so', '');
  expect(explain('/guest')).toMatchObject({ outcome: 'native' });
  expect(explain('/')).toMatchObject({ errno: 'ENOENT' });
  host.files.remove('/guest/lib/ld.so');
  host.files.addFile('/guest/lib/ld.so/file', '');
  expect(explain('/guest')).toMatchObject({ outcome: 'fails', errno: 'EACCES' });
});

describe("a foreign program's loader", () => {
  const explainIn = (root: string | undefined, prepare: (host: FakeHost) => void) => {
    const { host, register } = registrationHost();
    register({ architectures: ['arm64'] });
    host.files.addFile('/program', dynamicProgram('/lib/ld.so'), { mode: 0o755 });
    prepare(host);
    return explainFile(host, '/program', root === undefined ? {} : { root }).verdict;
  };

  test('is looked up in the root, by the links of the root', () => {
    const merged = (host: FakeHost) => {
      host.files.addFile('/guest/usr/lib/ld.so', '');
      host.files.addLink('/guest/lib', '/usr/lib');
    };
    expect(explainIn('/guest', merged)).toMatchObject({ outcome: 'emulated' });
    expect(explainIn(undefined, merged)).toMatchObject({ outcome: 'fails' });
  });

  test("is not the host's", () => {
    const linked = (host: FakeHost) => {
      host.files.addFile('/usr/lib/ld.so', '');
      host.files.addLink('/guest/lib/ld.so', '/usr/lib/ld.so');
    };
    expect(explainIn('/guest', linked)).toMatchObject({
      outcome: 'fails',
      reason: expect.stringContaining("the program's loader /lib/ld.so is not in /guest") as string,
    });
    const dangling = (host: FakeHost) => {
      host.files.addLink('/lib/ld.so', '/nowhere');
    };
    expect(explainIn(undefined, dangling)).toMatchObject({ outcome: 'fails' });
  });

  test('has to be a regular file', () => {
    const directory = (host: FakeHost) => {
      host.files.addFile('/guest/lib/ld.so/file', '');
    };
    expect(explainIn('/guest', directory)).toMatchObject({
      outcome: 'fails',
      reason: expect.stringContaining('loader /lib/ld.so in /guest is no regular file') as string,
      messages: [],
    });
  });
});
