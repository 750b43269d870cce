import { describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../../host/testing/index.ts';
import type { Check } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { readMessage } from '../../message/read-message.ts';
import type { Symptom } from '../../symptom.ts';
import { examinationOf } from '../../testing/examination.ts';
import { addressSpaceLimit } from './address-space-limit.ts';
import { resourcesChecks } from './index.ts';
import { launcherPlaceMissing } from './launcher-place-missing.ts';
import { memoryLimit } from './memory-limit.ts';
import { memoryOvercommit } from './memory-overcommit.ts';
import { mmapMinAddr } from './mmap-min-addr.ts';
import { noSpace } from './no-space.ts';
import { processLimit } from './process-limit.ts';

const mounts = [
  '22 1 8:1 / / rw - ext4 /dev/sda1 rw',
  '31 22 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw',
  '32 22 0:40 / /tmp rw,noexec - tmpfs tmpfs rw',
];

function machine(files: Readonly<Record<string, string>> = {}): FakeHost {
  const host = fakeHost();
  const usual = {
    '/proc/self/mountinfo': `${mounts.join('\n')}\n`,
    '/proc/self/cgroup': '0::/user/build\n',
    '/proc/self/limits':
      'Limit                     Soft Limit           Hard Limit           Units     \nMax processes             96365                96365                processes \nMax address space         unlimited            unlimited            bytes     \n',
    '/proc/sys/vm/overcommit_memory': '0\n',
    '/proc/sys/vm/mmap_min_addr': '65536\n',
    '/sys/fs/cgroup/user/build/memory.max': 'max\n',
  };
  for (const [path, text] of Object.entries({ ...usual, ...files })) host.files.addFile(path, text);
  host.processes.on(['stat', '--file-system'], { stdout: '1000000 4096 50000 90000\n' });
  return host;
}

const examine = async (check: Check, host: FakeHost, asked: Partial<Examination> = {}) =>
  await check.examine(examinationOf(host, asked));
const seen = (symptom: Symptom, text = 'something'): Partial<Examination> => ({
  message: { ...readMessage(text), symptoms: [symptom] },
});

it('has nothing to say of an ordinary machine', async () => {
  for (const check of resourcesChecks)
    expect([check.id, (await examine(check, machine())).status]).toEqual([check.id, 'ok']);
});

it('never fails where nothing can be read', async () => {
  for (const check of resourcesChecks)
    expect(['ok', 'unknown']).toContain((await examine(check, fakeHost())).status);
});

describe('disks', () => {
  it.each([
    ['bytes', '100 4096 50000 90000', 'fault'],
    ['inodes', '1000000 4096 12 90000', 'fault'],
    ['no inodes, as btrfs counts none', '1000000 4096 0 0', 'ok'],
  ])('are told by their free %s', async (_, stdout, status) => {
    const host = machine();
    host.processes.on(['stat', '--file-system'], { stdout });
    expect(await examine(noSpace, host)).toMatchObject({ status });
  });

  it('are the cause where there is no space, a warning elsewhere', async () => {
    const host = machine();
    host.processes.on(['stat', '--file-system'], { stdout: '0 4096 50000 90000' });
    expect(await examine(noSpace, host)).toMatchObject({ severity: 'warning' });
    expect(await examine(noSpace, host, seen('no-space'))).toMatchObject({
      severity: 'error',
      certainty: 'proven',
      // A file system is named once, whatever is on it.
      evidence: [expect.stringContaining('0 bytes'), expect.stringContaining('/tmp')],
    });
  });

  it('may be small: what is left counts where somebody met the end of it', async () => {
    const host = machine();
    host.processes.on(['stat', '--file-system'], { stdout: '2000 4096 500 90000' });
    expect(await examine(noSpace, host)).toMatchObject({ status: 'ok' });
    expect(await examine(noSpace, host, seen('no-space'))).toMatchObject({ status: 'fault' });
  });

  it('may hang: it is unknown then', async () => {
    const host = machine();
    host.processes.on(['stat', '--file-system'], { timedOut: true, exitCode: undefined });
    expect(await examine(noSpace, host)).toMatchObject({ status: 'unknown' });
  });
});

describe('addresses', () => {
  const limited = (bytes: number): FakeHost =>
    machine({
      '/proc/self/limits': `Max address space         ${bytes}           unlimited            bytes     \n`,
    });

  it.each([
    [4_300_000 * 1024, 'fault'],
    [5_000_000 * 1024, 'ok'],
  ])('limited to %i bytes: %s', async (bytes, status) => {
    expect(await examine(addressSpaceLimit, limited(bytes))).toMatchObject({ status });
  });

  it('are the cause where QEMU says that it found none', async () => {
    const text =
      'qemu-arm: ./a: Unable to find a guest_base to satisfy all guest address mapping requirements\n  00000000-ffffffff';
    const asked = { message: readMessage(text) };
    expect(await examine(addressSpaceLimit, limited(1e9), asked)).toMatchObject({
      severity: 'error',
      certainty: 'proven',
    });
    expect(await examine(addressSpaceLimit, machine(), asked)).toMatchObject({
      severity: 'error',
      certainty: 'likely',
    });
    expect(await examine(addressSpaceLimit, limited(1e9))).toMatchObject({ severity: 'warning' });
  });

  it('may be refused below the usual: a note', async () => {
    const host = machine({ '/proc/sys/vm/mmap_min_addr': '1048576\n' });
    expect(await examine(mmapMinAddr, host)).toMatchObject({
      severity: 'note',
      remedies: [{ command: ['sysctl', '-w', 'vm.mmap_min_addr=65536'] }],
    });
  });
});

describe('memory', () => {
  const group = '/sys/fs/cgroup/user/build';

  it('is limited by a group, or one above it', async () => {
    const little = machine({ '/sys/fs/cgroup/user/memory.max': '67108864\n' });
    expect(await examine(memoryLimit, little)).toMatchObject({ severity: 'note' });
    const killed = machine({
      [`${group}/memory.max`]: '2147483648\n',
      [`${group}/memory.events`]: 'oom 3\noom_kill 2\n',
    });
    expect(await examine(memoryLimit, killed)).toMatchObject({ status: 'ok' });
    expect(await examine(memoryLimit, killed, seen('out-of-memory'))).toMatchObject({
      severity: 'error',
      certainty: 'likely',
      summary: 'a control group limits memory to 2.1 GB, and 2 processes were killed for it',
    });
    const enough = machine({ [`${group}/memory.max`]: '2147483648\n' });
    expect(await examine(memoryLimit, enough, seen('out-of-memory'))).toMatchObject({ status: 'ok' });
  });

  it('is counted when it is reserved', async () => {
    const strict = (committed: number): FakeHost =>
      machine({
        '/proc/sys/vm/overcommit_memory': '2\n',
        '/proc/meminfo': `CommitLimit:    8000000 kB\nCommitted_AS:    ${committed} kB\n`,
      });
    expect(await examine(memoryOvercommit, strict(7_900_000))).toMatchObject({ severity: 'warning' });
    expect(await examine(memoryOvercommit, strict(7_900_000), seen('out-of-memory'))).toMatchObject({
      severity: 'error',
    });
    expect(await examine(memoryOvercommit, strict(100_000))).toMatchObject({ status: 'ok' });
  });
});

describe('processes', () => {
  it('are limited by a group', async () => {
    const full = machine({
      '/sys/fs/cgroup/user/build/pids.max': '100\n',
      '/sys/fs/cgroup/user/build/pids.current': '99\n',
    });
    expect(await examine(processLimit, full)).toMatchObject({ severity: 'warning' });
    const text = 'qemu: qemu_thread_create: Resource temporarily unavailable';
    const asked = { message: readMessage(text) };
    expect(await examine(processLimit, full, asked)).toMatchObject({ certainty: 'proven' });
    // Where it comes from, nobody has looked.
    expect(await examine(processLimit, machine(), asked)).toMatchObject({
      severity: 'error',
      certainty: 'likely',
    });
  });

  it.each([
    'setpriv: failed to execute ./hello: Resource temporarily unavailable',
    'fork/exec ./hello: resource temporarily unavailable',
    'runtime: failed to create new OS thread (have 2 already; errno=11)',
  ])('are refused to who says %s', async (text) => {
    const asked = { message: readMessage(text) };
    expect(await examine(processLimit, machine(), asked)).toMatchObject({ severity: 'error' });
  });

  it.each([
    'cat: -: Resource temporarily unavailable',
    '/bin/bash: line 10: echo: write error: Resource temporarily unavailable',
    'make: write error: Resource temporarily unavailable',
    'read timeout: Resource temporarily unavailable',
    '[thread 3] recv: Resource temporarily unavailable',
    'docker exec: read /dev/stdin: resource temporarily unavailable',
    '/usr/libexec/x: read: Resource temporarily unavailable',
    // An emulator that lacks a flag of clone, and a seccomp profile.
    'runtime: failed to create new OS thread (have 2 already; errno=22)',
    'runtime: failed to create new OS thread (have 2 already; errno=1)',
    "Can't fork: Cannot allocate memory",
    'error: cannot fork() for git-remote-https: Cannot allocate memory',
    'fork: Cannot allocate memory',
    'read error: 0: Resource temporarily unavailable',
    'write /dev/stdout: resource temporarily unavailable',
  ])('have nothing to do with %s', async (text) => {
    const asked = { message: readMessage(text) };
    expect(await examine(processLimit, machine(), asked)).toMatchObject({ status: 'ok' });
  });
});

it('needs one place from which programs may be executed', async () => {
  const noexec = (options: string): FakeHost =>
    machine({
      '/proc/self/mountinfo': `22 1 8:1 / / ${options} - ext4 /dev/sda1 rw\n32 22 0:40 / /tmp rw,noexec - tmpfs tmpfs rw\n33 22 0:41 / /dev/shm rw,noexec - tmpfs tmpfs rw\n`,
    });
  expect(await examine(launcherPlaceMissing, noexec('rw'))).toMatchObject({ status: 'ok' });
  expect(await examine(launcherPlaceMissing, noexec('rw,noexec'))).toMatchObject({ severity: 'warning' });
  expect(await examine(launcherPlaceMissing, noexec('rw,noexec'), seen('permission-denied'))).toMatchObject({
    severity: 'error',
  });
});
