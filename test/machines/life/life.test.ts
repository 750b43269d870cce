import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { repository } from '../../support/fixtures/cache.ts';
import {
  anyarch,
  cloneMachine,
  machine,
  machinesEnvironment,
  machinesHome,
  removeMachine,
} from '../../support/machines/home.ts';

const name = 'life';

beforeEach(async () => {
  await cloneMachine(name);
}, 1_800_000);

afterAll(async () => {
  await removeMachine(name);
});

interface Running {
  readonly pid: number;
  readonly startTicks: number;
  readonly bootId: string;
  readonly sockets: string;
}

const runningFile = () => join(machinesHome, 'machines', name, 'running.json');
const running = () => JSON.parse(readFileSync(runningFile(), 'utf8')) as Running;

async function state(): Promise<string | undefined> {
  const { stdout } = await machine('list', '--json');
  const { machines } = JSON.parse(stdout) as { machines: { name: string; state: string }[] };
  return machines.find((one) => one.name === name)?.state;
}

function isAlive(pid: number): boolean {
  return existsSync(`/proc/${pid}/cmdline`) && readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
}

async function gone(pid: number): Promise<void> {
  for (let tries = 0; isAlive(pid) && tries < 200; tries += 1) await sleep(50);
}

/**
 * What `qemu-img check` says of the machine's own disk.
 *
 * @param mayLeak a QEMU that was killed leaves clusters that nobody uses; the next start frees them
 */
async function expectSoundDisk({ mayLeak = false } = {}): Promise<void> {
  const disk = readlinkSync(join(machinesHome, 'machines', name, 'disk.qcow2'));
  const { stdout } = await machine('show', name, '--json');
  expect(JSON.parse(stdout)).toMatchObject({ name });
  // It ends with 3 for leaks.
  const { stdout: check } = spawnSync('qemu-img', ['check', '--output=json', disk], { encoding: 'utf8' });
  const { corruptions = 0, 'check-errors': errors, leaks = 0 } = JSON.parse(check) as Record<string, number>;
  expect({ corruptions, errors, leaks: mayLeak ? 0 : leaks }).toEqual({
    corruptions: 0,
    errors: 0,
    leaks: 0,
  });
}

describe('a machine', () => {
  it('starts, is used, is saved, goes on and switches itself off', async () => {
    await machine('start', name);
    expect((await machine('shell', name, '--', 'uname', '-m')).stdout).toBe('aarch64\n');
    await machine('shell', name, '--', 'sh', '-c', 'echo kept >/dev/shm/in-memory');
    const saved = await machine('stop', name, '--save', '--json');
    expect(JSON.parse(saved.stdout)).toMatchObject({ how: 'saved' });
    expect(await state()).toBe('saved');
    await machine('start', name);
    const kept = await machine('shell', name, '--', 'cat', '/dev/shm/in-memory');
    expect(kept.stdout).toBe('kept\n');
    const { pid } = running();
    const stopped = JSON.parse((await machine('stop', name, '--json')).stdout) as { how: string };
    expect(['powerdown', 'ssh']).toContain(stopped.how);
    expect(await state()).toBe('stopped');
    expect(isAlive(pid)).toBe(false);
    await expectSoundDisk();
    // Nothing is left to be reached.
    const refused = await anyarch(['machine', 'shell', '--no-start', name, '--', 'true']);
    expect(refused.exitCode).toBe(125);
    expect(refused.stderr).toContain('ANYARCH_MACHINE_STOPPED');
  });

  it('is started once by two commands at once, and not removed while it runs', async () => {
    const both = await Promise.all([machine('start', name, '--json'), machine('start', name, '--json')]);
    const hows = both.map(({ stdout }) => (JSON.parse(stdout) as { how: string }).how);
    expect(hows.sort()).toEqual(['already', 'state']);
    const refused = await anyarch(['machine', 'remove', name, '--json']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('ANYARCH_MACHINE_RUNNING');
    const { pid, sockets } = running();
    await machine('remove', name, '--force');
    expect(isAlive(pid)).toBe(false);
    expect(existsSync(sockets)).toBe(false);
    expect((await anyarch(['machine', 'show', name, '--json'])).stdout).toContain(
      'ANYARCH_MACHINE_NOT_FOUND',
    );
  });

  it('grows its disk while it runs', async () => {
    await machine('start', name);
    const grown = JSON.parse((await machine('resize', name, '13G', '--json')).stdout) as object;
    expect(grown).toMatchObject({ afterBytes: 13 * 2 ** 30, hasGrown: true });
    const size = await machine('shell', name, '--', 'cat', '/sys/block/vda/size');
    expect(Number(size.stdout) * 512).toBe(13 * 2 ** 30);
    const smaller = await anyarch(['machine', 'resize', name, '12G', '--json']);
    expect(smaller.stdout).toContain('ANYARCH_USAGE');
  });
});

describe('after a crash', () => {
  it('of QEMU, the machine says so, and its disk is sound', async () => {
    await machine('start', name);
    await machine('shell', name, '--', 'sh', '-c', 'echo written >~/file && sync');
    const { pid, sockets } = running();
    process.kill(pid, 'SIGKILL');
    await gone(pid);
    expect(await state()).toBe('crashed');
    await expectSoundDisk({ mayLeak: true });
    await machine('start', name, '--wait', 'process');
    expect(running().pid).not.toBe(pid);
    expect(running().sockets).toBe(sockets);
    await machine('stop', name, '--force');
    expect(await state()).toBe('stopped');
    await expectSoundDisk();
  });

  it('of the host, nothing of the boot before is taken for the machine', async () => {
    await machine('start', name);
    const before = running();
    process.kill(before.pid, 'SIGKILL');
    await gone(before.pid);
    // A process of another boot that has the same number and start.
    const own = readFileSync('/proc/self/stat', 'utf8');
    const startTicks = Number(own.slice(own.lastIndexOf(')') + 2).split(' ')[22 - 3]);
    const other = { ...before, pid: process.pid, startTicks, bootId: 'another' };
    writeFileSync(runningFile(), JSON.stringify(other));
    expect(await state()).toBe('crashed');
    writeFileSync(runningFile(), JSON.stringify({ ...other, bootId: before.bootId }));
    // The negative twin: it is the boot that tells them apart.
    expect(await state()).not.toBe('crashed');
    writeFileSync(runningFile(), JSON.stringify(other));
    await machine('stop', name);
    expect(await state()).toBe('crashed');
    await expectSoundDisk({ mayLeak: true });
  });

  it('of anyarch while it starts a machine, there is one QEMU that is known, or none', async () => {
    for (const delayMs of [0, 30, 150]) {
      const child = spawn(join(repository, 'bin/anyarch'), ['machine', 'start', name, '--wait', 'process'], {
        env: machinesEnvironment,
        stdio: 'ignore',
      });
      while (!existsSync(runningFile()) && child.exitCode === null) await sleep(2);
      await sleep(delayMs);
      child.kill('SIGKILL');
      const seen = await state();
      expect(['running', 'starting', 'crashed', 'stopped', 'saved']).toContain(seen);
      const others = qemusOf(name);
      expect(others.length).toBe(seen === 'running' || seen === 'starting' ? 1 : 0);
      await machine('stop', name, '--force');
      expect(qemusOf(name)).toEqual([]);
      await expectSoundDisk();
    }
  });

  it('of anyarch before it has a QEMU, the programs of mounts end with the next command', async () => {
    const child = spawn(join(repository, 'bin/anyarch'), ['machine', 'start', name, '--wait', 'process'], {
      env: machinesEnvironment,
      stdio: 'ignore',
    });
    while (mountPrograms().length === 0 && child.exitCode === null) await sleep(1);
    child.kill('SIGKILL');
    await machine('stop', name, '--force');
    expect(mountPrograms()).toEqual([]);
  });
});

/** Their process ids, whatever is recorded. */
function qemusOf(guest: string): string[] {
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`-name guest=${guest},`) && line.includes(machinesHome))
    .map((line) => line.trim().split(' ')[0] ?? '');
}

/** Process ids of what serves this machine's mounts, whatever is recorded. */
function mountPrograms(): string[] {
  const record = readFileSync(join(machinesHome, 'machines', name, 'machine.json'), 'utf8');
  const { id } = JSON.parse(record) as { readonly id: string };
  const sockets = `/anyarch-${process.getuid?.() ?? 0}/m/${id.replaceAll('-', '').slice(0, 8)}/fs`;
  return execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes('virtiofsd') && line.includes(sockets))
    .map((line) => line.trim().split(' ')[0] ?? '');
}
