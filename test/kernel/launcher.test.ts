import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { machine } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { buildLauncher } from '../../src/core/launcher/build-launcher.ts';
import * as linux from '../../src/core/launcher/constants.ts';
import { errnoName } from '../../src/core/launcher/errno.ts';
import {
  executeAllArguments,
  executeAllProgram,
  executionOfStep,
  readEnds,
} from '../../src/core/launcher/execute-all-program.ts';
import { executeProgram } from '../../src/core/launcher/execute-program.ts';
import { readFailureRecord, readFailureRecords } from '../../src/core/launcher/failure-record.ts';
import { launcherHostOf, launcherHosts } from '../../src/core/launcher/find-launcher-host.ts';
import { hostConstants, signalAction } from '../../src/core/launcher/host-constants.ts';
import type { LauncherHost } from '../../src/core/launcher/launcher-host.ts';
import { systemCalls } from '../../src/core/launcher/program.ts';
import type { Program, Step } from '../../src/core/launcher/program.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** A machine that launchers run on: this one, or an emulated one. */
interface Place {
  readonly host: LauncherHost;
  readonly emulator: readonly string[];
}

interface RunOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

const child = { variable: 'child' };
const status = { variable: 'status' };
const emulators = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';

describe('launchers on this machine', () => {
  expectLaunchersToWork({ host: thisHost(), emulator: [] });
});

describeWith([needs.qemu], 'launchers under emulators', () => {
  describe.each(launcherHosts)('$name', (host) => {
    const emulator = [join(emulators, `qemu-${host.name}`)];
    expectLaunchersToWork({ host, emulator });

    test('the system call numbers are those of the emulator', () => {
      const calls = systemCalls.filter((call) => call !== 'exit_group');
      const steps = calls.map((call): Step => ({
        call,
        arguments: harmlessArguments(call),
        onError: 'ignore',
      }));
      const { stderr } = launch({ host, emulator: [...emulator, '-strace'] }, { steps });
      const traced = [...stderr.matchAll(/^\d+ (Unknown syscall )?(\w+)/gm)].map(([, , name]) => name);
      expect(traced.slice(0, calls.length)).toEqual(calls.map((call) => tracedName(host, call)));
    });
  });
});

describeWith([needs.qemu, needs.hostTable], 'a private table made by a launcher', () => {
  const foreign = thisHost().name === 'riscv64' ? 'aarch64' : 'riscv64';
  const rules = { aarch64: elfRule(2, 0xb7), riscv64: elfRule(2, 0xf3) };
  const rule = `:foreign:M::${rules[foreign]}:${join(emulators, `qemu-${foreign}`)}:F`;

  test('runs a foreign probe once its architecture is registered', () => {
    const result = launch({ host: thisHost(), emulator: [] }, privateTableProgram(rule), {
      args: [foreignProbe()],
    });
    expect(result).toMatchObject({ status: 42, failure: undefined });
  });

  test('refuses the same probe without the registration', () => {
    const result = launch({ host: thisHost(), emulator: [] }, privateTableProgram(undefined), {
      args: [foreignProbe()],
    });
    // The child reports; the parent sees it exit.
    expect(result).toMatchObject({ status: 125, failure: { errno: 'ENOEXEC' } });
    expect(privateTableProgram(undefined).steps[result.failure?.step ?? 0]).toMatchObject({ call: 'execve' });
  });

  function foreignProbe(): string {
    return executable('probe', buildProbe(foreign));
  }
});

function expectLaunchersToWork(place: Place): void {
  const { host } = place;
  const { SIGCHLD, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, signalSetSize } = hostConstants(host);

  test('execute a program with its name, arguments and environment', () => {
    const args = ['/bin/sh', 'a name', '-c', 'echo "$0,$1,$GREETING"; exit 7', '-'.repeat(3), 'second'];
    const result = launch(place, executeProgram(), { args, environment: { GREETING: 'hello' } });
    expect(result).toEqual({
      status: 7,
      signal: null,
      stdout: '---,second,hello\n',
      stderr: '',
      failure: undefined,
    });
    const { stdout } = launch(place, executeProgram(), { args: ['/bin/sh', 'a name', '-c', 'echo "$0"'] });
    expect(stdout).toBe('a name\n');
  });

  test('report the step and the reason when a program cannot be executed', () => {
    const refusal = (path: string) => launch(place, executeProgram(), { args: [path, path] });
    expect(refusal('/missing')).toMatchObject({ status: 125, failure: { step: 1, errno: 'ENOENT' } });
    expect(refusal('/dev/null')).toMatchObject({ status: 125, failure: { step: 1, errno: 'EACCES' } });
    expect(refusal('/bin/true/')).toMatchObject({ status: 125, failure: { step: 1, errno: 'ENOTDIR' } });
    expect(refusal('/bin/true')).toMatchObject({ status: 0, failure: undefined });
  });

  test('execute many programs, and tell their ends from the refusals', () => {
    const directory = temporaryDirectory('many');
    chmodSync(directory, 0o755);
    const programs = Array.from({ length: 12 }, (_, index) => {
      const path = join(directory, `${index}`);
      // No argument but its own path, and the environment as it was given.
      writeFileSync(path, `#!/bin/sh\n[ $# = 0 ] && [ "$GREETING" = hello ] && exit ${index + 1}\n`, {
        mode: 0o755,
      });
      return path;
    });
    const all = [...programs, '/missing', '/dev/null', '/bin/true'];
    const program = executeAllProgram(host, 16);
    const path = executable('launcher', buildLauncher(host, program));
    const [command = path, ...args] = [...place.emulator, path, ...executeAllArguments(all)];
    const { status: exitCode, output } = spawnSync(command, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      env: { GREETING: 'hello' },
      timeout: 30_000,
    });
    expect(exitCode).toBe(0);
    const ends = readEnds(output[4] ?? new Uint8Array(), host, all.length);
    expect(ends.map((end) => (end?.kind === 'exited' ? end.code : undefined))).toEqual([
      ...programs.map((_, index) => index + 1),
      125,
      125,
      0,
    ]);
    const refused = readFailureRecords(output[3] ?? new Uint8Array(), host)
      .map(({ step, errno }) => [executionOfStep(program, step), errnoName(errno, host)] as const)
      .sort(([left = 0], [right = 0]) => left - right);
    expect(refused).toEqual([
      [12, 'ENOENT'],
      [13, 'EACCES'],
      [15, 'ENOENT'],
    ]);
  });

  test('start processes, wait for them and branch on their end', () => {
    const result = launch(
      place,
      {
        steps: [
          { call: 'clone', arguments: [SIGCHLD], store: child, when: { equals: 0, goTo: 'child' } },
          {
            call: 'wait4',
            arguments: [child, { pointerTo: status }, 0, 0],
            when: { equals: child, goTo: 'ended' },
          },
          exit(1),
          {
            label: 'ended',
            call: 'evaluate',
            arguments: [{ signalOf: status }],
            when: { equals: 0, goTo: 'exited' },
          },
          exit(2),
          {
            label: 'exited',
            call: 'evaluate',
            arguments: [{ exitCodeOf: status }],
            when: { equals: 33, goTo: 'good' },
          },
          exit(3),
          { label: 'good', call: 'write', arguments: [1, 'parent\n', 7] },
          exit(200),
          { label: 'child', call: 'write', arguments: [1, { argument: 1 }, 6] },
          exit(33),
        ],
      },
      { args: ['child\n'] },
    );
    expect(result).toMatchObject({ status: 200, stdout: 'child\nparent\n', failure: undefined });
  });

  test('see the signal that ended a process, and survive it when it is ignored', () => {
    const self = { variable: 'self' };
    const send: Step[] = [
      { call: 'getpid', arguments: [], store: self },
      { call: 'kill', arguments: [self, linux.SIGTERM] },
    ];
    const setAction = (action: 'ignore' | 'default'): Step => ({
      call: 'rt_sigaction',
      arguments: [linux.SIGTERM, signalAction(host, action), 0, signalSetSize],
    });
    const result = launch(place, {
      steps: [
        setAction('ignore'),
        ...send,
        { call: 'clone', arguments: [SIGCHLD], store: child, when: { equals: 0, goTo: 'child' } },
        { call: 'wait4', arguments: [child, { pointerTo: status }, 0, 0] },
        { call: 'exit_group', arguments: [{ signalOf: status }] },
        { label: 'child', ...setAction('default') },
        ...send,
        exit(1),
      ],
    });
    expect(result).toMatchObject({ status: linux.SIGTERM, signal: null });
  });

  test('handle errors as told', () => {
    const fail: Step = { call: 'chdir', arguments: ['/missing'] };
    const result = launch(place, {
      steps: [
        { ...fail, onError: 'ignore' },
        { ...fail, onError: 'ignore', next: 'jumped' },
        exit(1),
        { ...fail, label: 'jumped', store: child, onError: { goTo: 'compare' } },
        exit(2),
        { label: 'compare', call: 'evaluate', arguments: [child], onError: { goTo: 'negative' } },
        exit(3),
        { label: 'negative', call: 'chdir', arguments: ['/'] },
        { ...fail },
      ],
    });
    expect(result).toMatchObject({ status: 125, failure: { step: 8, errno: 'ENOENT' } });
  });

  test('compare values with their sign', () => {
    const result = launch(place, {
      steps: [
        { call: 'evaluate', arguments: [-5000], store: child, when: { equals: -5000, goTo: 'next' } },
        exit(1),
        { label: 'next', call: 'evaluate', arguments: [child], when: { equals: child, goTo: 'last' } },
        exit(2),
        { label: 'last', call: 'evaluate', arguments: [child], when: { equals: -5000, goTo: 'good' } },
        exit(3),
        { label: 'good', call: 'write', arguments: [1, { pointerTo: child }, 4] },
      ],
    });
    expect(result).toMatchObject({ status: 0, failure: undefined });
  });

  test('open files with the host’s flags', () => {
    const directory = temporaryDirectory('launcher-files');
    chmodSync(directory, 0o777);
    symlinkSync('file', join(directory, 'link'));
    const open = (name: string, flags: number): Step => ({
      call: 'openat',
      arguments: [linux.AT_FDCWD, join(directory, name), flags | linux.O_RDWR | linux.O_CLOEXEC, 0o600],
    });
    const steps = [open('file', O_CREAT | O_EXCL), open('link', 0), open('link', O_NOFOLLOW)];
    expect(launch(place, { steps })).toMatchObject({ status: 125, failure: { step: 2, errno: 'ELOOP' } });
    const again = launch(place, { steps: [open('file', O_CREAT | O_EXCL)] });
    expect(again).toMatchObject({ status: 125, failure: { step: 0, errno: 'EEXIST' } });
    const asDirectory: Step = {
      call: 'openat',
      arguments: [linux.AT_FDCWD, join(directory, 'file'), O_DIRECTORY, 0],
    };
    expect(launch(place, { steps: [asDirectory] })).toMatchObject({
      status: 125,
      failure: { step: 0, errno: 'ENOTDIR' },
    });
  });
}

/** Builds the launcher, runs it as an unprivileged user and reads what it reports. */
function launch(place: Place, program: Program, options: RunOptions = {}) {
  const path = executable('launcher', buildLauncher(place.host, program));
  const [command = path, ...args] = [...place.emulator, path, ...(options.args ?? [])];
  const nobody = { uid: 65534, gid: 65534 };
  const result = spawnSync(command, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: options.environment ?? {},
    timeout: 30_000,
    ...(process.getuid?.() === 0 ? nobody : {}),
  });
  if (result.error !== undefined) throw result.error;
  const failure = readFailureRecord(result.output[3] ?? new Uint8Array(), place.host);
  return {
    status: result.status,
    signal: result.signal,
    stdout: result.stdout.toString(),
    stderr: result.stderr.toString(),
    failure: failure && { step: failure.step, errno: errnoName(failure.errno, place.host) },
  };
}

/** A user and mount namespace with a table of its own; the child becomes the program of argv[1]. */
function privateTableProgram(rule: string | undefined): Program {
  const { SIGCHLD } = hostConstants(thisHost());
  const [uid, gid] = process.getuid?.() === 0 ? [65534, 65534] : [process.getuid?.(), process.getgid?.()];
  const table = '/proc/sys/fs/binfmt_misc';
  return {
    steps: [
      { call: 'unshare', arguments: [linux.CLONE_NEWUSER | linux.CLONE_NEWNS] },
      ...writeFile('/proc/self/setgroups', 'deny'),
      ...writeFile('/proc/self/uid_map', `0 ${uid} 1`),
      ...writeFile('/proc/self/gid_map', `0 ${gid} 1`),
      { call: 'mount', arguments: ['binfmt_misc', table, 'binfmt_misc', 0, 0] },
      ...(rule === undefined ? [] : writeFile(`${table}/register`, rule)),
      { call: 'clone', arguments: [SIGCHLD], store: child, when: { equals: 0, goTo: 'child' } },
      { call: 'wait4', arguments: [child, { pointerTo: status }, 0, 0] },
      { call: 'exit_group', arguments: [{ exitCodeOf: status }] },
      {
        label: 'child',
        call: 'execve',
        arguments: [{ argument: 1 }, { argumentsFrom: 1 }, { environment: true }],
      },
    ],
  };
}

function writeFile(path: string, text: string): Step[] {
  const descriptor = { variable: 'descriptor' };
  return [
    {
      call: 'openat',
      arguments: [linux.AT_FDCWD, path, linux.O_WRONLY | linux.O_CLOEXEC, 0],
      store: descriptor,
    },
    { call: 'write', arguments: [descriptor, text, Buffer.byteLength(text)] },
    { call: 'close', arguments: [descriptor] },
  ];
}

/** Magic and mask of an executable for a little-endian machine, as in a rule. */
function elfRule(elfClass: number, elfMachine: number): string {
  const hex = (bytes: readonly number[]) =>
    bytes.map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const zeros = (count: number) => new Array<number>(count).fill(0);
  const magic = [0x7f, 0x45, 0x4c, 0x46, elfClass, 1, 1, ...zeros(9), 2, 0, elfMachine, 0];
  const mask = [...new Array<number>(7).fill(0xff), ...zeros(9), 0xfe, 0xff, 0xff, 0xff];
  return `${hex(magic)}:${hex(mask)}`;
}

/** Arguments with which a call does nothing, and which emulators can print. */
function harmlessArguments(call: string): number[] {
  if (call === 'clone') return [-1];
  // With length 0 these would clear the host's name and wait for ever.
  if (call === 'sethostname' || call === 'ppoll') return [-1, -1];
  return [-1, 0, 0, 0, 0, 0];
}

/** What `-strace` of QEMU 11.1 calls it. */
function tracedName(host: LauncherHost, call: (typeof systemCalls)[number]): string {
  const wide = ['setgroups', 'setresgid', 'setresuid'];
  if (host.identity.class === 32 && wide.includes(call)) return `${call}32`;
  if (host.identity.class === 32 && call === 'fcntl') return 'fcntl64';
  // It does not know this one.
  if (call === 'open_tree') return host.name === 'mips64el' ? '5428' : '428';
  return call;
}

function exit(code: number): Step {
  return { call: 'exit_group', arguments: [code] };
}

function executable(name: string, content: Uint8Array): string {
  const path = join(temporaryDirectory(name), name);
  writeFileSync(path, content);
  chmodSync(path, 0o755);
  return path;
}

function thisHost(): LauncherHost {
  const host = launcherHostOf(machine());
  if (host === undefined) throw new Error(`there are no launchers for ${machine()}`);
  return host;
}
