import { expect, test } from 'vitest';
import { buildProbe } from '../core/probe/probe.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { explainFile } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { aarch64Pattern, registrationHost } from './testing/registration-host.ts';

function addProbe(host: FakeHost, architecture: string, path = `/${architecture}`): string {
  host.files.addFile(path, buildProbe(architecture), { mode: 0o755 });
  return path;
}

/** What execve really does must be what was explained. */
function explainAndCompare(host: FakeHost, path: string): Explanation {
  const explanation = explainFile(host, path);
  const outcome = host.executor.execute(path);
  expect(outcome.kind === 'refused' ? outcome.errno : undefined).toBe(explanation.verdict.errno);
  return explanation;
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

test('files that cannot be executed', () => {
  const { host } = registrationHost();
  host.files.addFile('/plain', 'x', { mode: 0o644 });
  host.files.addLink('/dangling', '/nowhere');
  host.files.addLink('/circle', '/circle');
  host.files.addFile('/text', 'echo hello\n', { mode: 0o755 });
  host.files.addFile('/empty', '', { mode: 0o755 });
  for (const [path, errno, reason] of [
    ['/nothing', 'ENOENT', 'does not exist'],
    ['/dangling', 'ENOENT', 'a link to /nowhere'],
    ['/plain', 'EACCES', 'not executable (mode 0644)'],
    ['/tmp', 'EACCES', 'a directory'],
    ['/text', 'ENOEXEC', 'shells then try'],
    ['/empty', 'ENOEXEC', 'an empty file'],
  ] as const) {
    const { verdict } = explainAndCompare(host, path);
    expect(verdict).toMatchObject({ outcome: 'fails', errno });
    expect(verdict.reason).toContain(reason);
  }
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
  expect(explainAndCompare(host, '/foreign-script').verdict).toMatchObject({ errno: 'ENOEXEC' });
  register({ architectures: ['arm64'] });
  expect(explainAndCompare(host, '/foreign-script').verdict).toMatchObject({ outcome: 'emulated' });
});

test('scripts that name each other', () => {
  const { host } = registrationHost();
  host.files.addFile('/a', '#!/b\n', { mode: 0o755 });
  host.files.addFile('/b', '#!/a\n', { mode: 0o755 });
  expect(explainAndCompare(host, '/a').verdict).toMatchObject({ errno: 'ELOOP' });
});
