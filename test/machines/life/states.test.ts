import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setImmediate as immediately, setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { repository } from '../../support/fixtures/cache.ts';
import {
  anyarch,
  cloneMachine,
  machine,
  machinesEnvironment,
  machinesHome,
  removeMachine,
} from '../../support/machines/home.ts';

const name = 'states';
const copy = 'states-copy';
const layers = join(machinesHome, 'machine-layers');
const placeOf = (path: string, of = name) => join(machinesHome, 'machines', of, path);

beforeAll(async () => {
  await cloneMachine(name);
  await machine('start', name);
});

afterAll(async () => {
  await removeMachine(copy);
  await removeMachine(name);
});

async function inGuest(of: string, script: string): Promise<string> {
  return (await machine('shell', of, '--', 'sh', '-c', script)).stdout.trim();
}

async function howItStarts(): Promise<string> {
  return (JSON.parse((await machine('start', name, '--json')).stdout) as { how: string }).how;
}

/** Kills anyarch as soon as something is so, or it has ended. */
async function killed(words: readonly string[], isTime: () => boolean): Promise<void> {
  const child = spawn(join(repository, 'bin/anyarch'), ['machine', ...words], {
    env: machinesEnvironment,
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  while (!isTime() && child.exitCode === null) await immediately();
  // The moment was there, not only the end.
  expect(child.exitCode).toBe(null);
  child.kill('SIGKILL');
  await ended;
}

/** Every layer, also of machines that run. */
function expectSoundLayers(): void {
  for (const layer of readdirSync(layers).filter((one) => one.endsWith('.qcow2'))) {
    const words = ['check', '-U', '--output=json', join(layers, layer)];
    // Space that is lost only (exit code 3) is what a running QEMU has not noted yet.
    const { stdout } = spawnSync('qemu-img', words, { encoding: 'utf8' });
    const { corruptions = 0, 'check-errors': errors } = JSON.parse(stdout) as Record<string, number>;
    expect({ layer, corruptions, errors }).toEqual({ layer, corruptions: 0, errors: 0 });
  }
}

/** After `machine prune` there is nothing that no machine needs. */
async function expectNothingLeft(): Promise<void> {
  await machine('prune');
  const unfinished = ['', '/snapshots'].flatMap((part) => {
    const directory = part === '' ? join(machinesHome, 'machines') : placeOf(part.slice(1));
    return existsSync(directory) ? readdirSync(directory).filter((one) => /^\.(?!.*lock$)/.test(one)) : [];
  });
  expect(unfinished).toEqual([]);
  const needed = new Set(
    readdirSync(join(machinesHome, 'machines'))
      .filter((one) => !one.startsWith('.'))
      .flatMap((one) => chainOf(readlinkSync(placeOf('disk.qcow2', one)))),
  );
  const kept = readdirSync(join(machinesHome, 'machines'))
    .filter((one) => existsSync(placeOf('snapshots', one)))
    .flatMap((one) => readdirSync(placeOf('snapshots', one)).map((two) => placeOf(`snapshots/${two}`, one)))
    .map((one) => JSON.parse(readFileSync(join(one, 'snapshot.json'), 'utf8')) as { layer: string });
  for (const { layer } of kept) for (const one of chainOf(layer)) needed.add(one);
  const there = readdirSync(layers).filter((one) => one.endsWith('.qcow2'));
  expect(there.filter((one) => !needed.has(join(layers, one)))).toEqual([]);
}

function chainOf(file: string): string[] {
  const words = ['info', '-U', '--backing-chain', '--output=json', file];
  const found = JSON.parse(execFileSync('qemu-img', words, { encoding: 'utf8' })) as { filename: string }[];
  return found.map((one) => one.filename);
}

/** A file system of its own in the place of a directory, with so many KiB that are free. */
async function withSpace(directory: string, freeKib: number, action: () => Promise<void>): Promise<void> {
  mkdirSync(directory, { recursive: true });
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${freeKib}k,mode=700`, 'none', directory]);
  try {
    await action();
  } finally {
    // What is of no use any more is removed in the background.
    for (let tries = 0; spawnSync('umount', [directory]).status !== 0 && tries < 100; tries += 1)
      await sleep(50);
  }
}

describe('a saved machine', () => {
  it('goes on once, with a clock that is right', async () => {
    await inGuest(name, 'echo kept >/dev/shm/in-memory');
    await machine('stop', name, '--save');
    expect(existsSync(placeOf('state'))).toBe(true);
    expect(await howItStarts()).toBe('state');
    expect(existsSync(placeOf('state'))).toBe(false);
    expect(await inGuest(name, 'cat /dev/shm/in-memory')).toBe('kept');
    // What the guest says is from between the two moments, whatever the command takes on a busy host.
    const before = Date.now();
    const shown = Number(await inGuest(name, 'date +%s.%N')) * 1000;
    const after = Date.now();
    expect(shown).toBeGreaterThan(before - 2_000);
    expect(shown).toBeLessThan(after + 2_000);
  });
});

describe('anyarch that is killed', () => {
  it('while it writes the memory: the guest goes on for good, and can be saved', async () => {
    for (const words of [
      ['stop', name, '--save'],
      ['snapshot', 'save', name, 'never'],
    ]) {
      const memory = placeOf(words[0] === 'stop' ? 'state.unfinished/memory' : 'snapshots/.never/memory');
      await killed(words, () => existsSync(memory));
      expect(await inGuest(name, 'cat /dev/shm/in-memory')).toBe('kept');
    }
    expect((await machine('snapshot', 'list', name)).stdout).not.toContain('never');
    expectSoundLayers();
    await machine('stop', name, '--save');
    expect(await howItStarts()).toBe('state');
    expect(await inGuest(name, 'cat /dev/shm/in-memory')).toBe('kept');
    expectSoundLayers();
    await expectNothingLeft();
  });

  it('once the memory is saved: it is gone on with, or the guest is, never both', async () => {
    await killed(['stop', name, '--save'], () => existsSync(placeOf('state/state.json')));
    expect(['state', 'already']).toContain(await howItStarts());
    expect(existsSync(placeOf('state'))).toBe(false);
    expect(await inGuest(name, 'cat /dev/shm/in-memory')).toBe('kept');
    expectSoundLayers();
  });

  it('between the new layer and QEMU: the next snapshot has all', async () => {
    const before = readlinkSync(placeOf('disk.qcow2'));
    await killed(['snapshot', 'save', name, 'never'], () => readlinkSync(placeOf('disk.qcow2')) !== before);
    await inGuest(name, 'echo before >~/file && sync');
    await machine('snapshot', 'save', name, 'one');
    expectSoundLayers();
  });

  it('before its guest went on: the machine can be started, stopped and goes on', async () => {
    await machine('stop', name, '--force');
    await machine('snapshot', 'restore', name, 'one');
    const isWaiting = (): boolean =>
      existsSync(placeOf('running.json')) &&
      (JSON.parse(readFileSync(placeOf('running.json'), 'utf8')) as { pid: number }).pid > 0 &&
      existsSync(placeOf('state'));
    await killed(['start', name], isWaiting);
    await machine('stop', name);
    expect(existsSync(placeOf('state'))).toBe(true);
    await killed(['start', name], isWaiting);
    expect(['state', 'already']).toContain(await howItStarts());
    expect(await inGuest(name, 'cat /dev/shm/in-memory ~/file')).toBe('kept\nbefore');
  });

  it('while it restores, keeps or copies a stopped machine: nothing is lost', async () => {
    await inGuest(name, 'echo written >~/other && sync');
    await machine('stop', name, '--save');
    const link = readlinkSync(placeOf('disk.qcow2'));
    const hasMoved = () => readlinkSync(placeOf('disk.qcow2')) !== link;
    await killed(['snapshot', 'save', name, 'never'], hasMoved);
    // The layer is new, and nothing in it: the state still fits.
    expect(await howItStarts()).toBe('state');
    expect(await inGuest(name, 'cat /dev/shm/in-memory')).toBe('kept');
    await machine('stop', name, '--force');

    const machines = join(machinesHome, 'machines');
    const isMaking = () => readdirSync(machines).some((one) => one.startsWith('.new-'));
    await killed(['create', copy, '--from', `${name}@one`], isMaking);
    expect((await machine('list')).stdout).not.toContain(copy);

    const before = readlinkSync(placeOf('disk.qcow2'));
    await killed(['snapshot', 'restore', name, 'one'], () => readlinkSync(placeOf('disk.qcow2')) !== before);
    await expectNothingLeft();
    expectSoundLayers();
    await machine('snapshot', 'restore', name, 'one');
    expect(await howItStarts()).toBe('state');
    expect(await inGuest(name, 'cat ~/file')).toBe('before');
  });
});

describe('a snapshot of a running machine', () => {
  it('brings back what was there, and nothing that was written since', async () => {
    await inGuest(name, 'echo after >~/file && sync');
    await machine('stop', name, '--force');
    await machine('snapshot', 'restore', name, 'one');
    await machine('start', name);
    expect(await inGuest(name, 'cat ~/file')).toBe('before');
  });

  it('goes on twice at the same time, each with its own ports and its own disk', async () => {
    await removeMachine(copy);
    const port = await freePort();
    await machine('create', copy, '--from', `${name}@one`, '--port', `${port}:22`);
    await machine('start', copy);
    const both = await Promise.all(
      [name, copy].map(async (of) => await inGuest(of, `cat ~/file; echo ${of} >~/file && sync`)),
    );
    expect(both).toEqual(['before', 'before']);
    expect(await inGuest(name, 'cat ~/file')).toBe(name);
    expect(await inGuest(copy, 'cat ~/file')).toBe(copy);
    const running = [name, copy].map(
      (of) => JSON.parse(readFileSync(placeOf('running.json', of), 'utf8')) as Record<string, unknown>,
    );
    expect(running[0]?.['sshPort']).not.toBe(running[1]?.['sshPort']);
    expect(running[0]?.['sockets']).not.toBe(running[1]?.['sockets']);
    const banner = ['-c', `exec 3<>/dev/tcp/127.0.0.1/${String(port)}; head -c 7 <&3`];
    expect(execFileSync('bash', banner, { encoding: 'utf8' })).toBe('SSH-2.0');
    expectSoundLayers();
    await removeMachine(copy);
    expect(await inGuest(name, 'cat ~/file')).toBe(name);
    await expectNothingLeft();
  });
});

describe('without space', () => {
  it.each([
    ['in the middle', 32 * 1024],
    ['from the start', 4],
  ])('%s a snapshot is refused, the guest goes on, and nothing is behind', async (_, freeKib) => {
    await withSpace(placeOf('snapshots'), freeKib, async () => {
      const refused = await anyarch(['machine', 'snapshot', 'save', name, 'two', '--json']);
      expect(refused.exitCode).toBe(1);
      expect(refused.stdout).toContain('ANYARCH_DISK_FULL');
      expect(await inGuest(name, 'echo goes on')).toBe('goes on');
      expect((await machine('snapshot', 'list', name)).stdout).not.toContain('two');
    });
    expectSoundLayers();
  });

  it('in the middle of stop --save it goes on, and is saved once there is some', async () => {
    await inGuest(name, 'echo still >/dev/shm/in-memory');
    // QEMU's file is in a directory that is made anew each time: the whole machine is on the small file system.
    const aside = join(machinesHome, '..', 'states-aside');
    await machine('stop', name, '--force');
    await machine('snapshot', 'restore', name, 'one');
    execFileSync('cp', ['-a', '--sparse=always', placeOf(''), aside]);
    try {
      await withSpace(placeOf(''), 1024 * 1024, async () => {
        execFileSync('cp', ['-a', '--sparse=always', `${aside}/.`, placeOf('')]);
        await machine('start', name);
        const used = Number(
          execFileSync('df', ['--output=used', placeOf('')], { encoding: 'utf8' }).split('\n')[1],
        );
        for (const free of [64 * 1024, 0]) {
          execFileSync('mount', ['-o', `remount,size=${used + free}k`, placeOf('')]);
          const refused = await anyarch(['machine', 'stop', name, '--save', '--json']);
          expect(refused.stdout).toContain('ANYARCH_DISK_FULL');
          expect(existsSync(placeOf('state'))).toBe(false);
          expect(await inGuest(name, 'cat /dev/shm/in-memory')).toBe('kept');
        }
        execFileSync('mount', ['-o', 'remount,size=2G', placeOf('')]);
        await machine('stop', name, '--save');
        expect(await howItStarts()).toBe('state');
        expect(await inGuest(name, 'cat /dev/shm/in-memory')).toBe('kept');
        await machine('stop', name, '--force');
      });
    } finally {
      execFileSync('rm', ['-rf', aside]);
    }
    expectSoundLayers();
  });
});

describe('QEMU that is killed while it is saved', () => {
  it('is said, and the next start looks at the disk and boots', async () => {
    await machine('snapshot', 'restore', name, 'one');
    await machine('start', name);
    const { pid } = JSON.parse(readFileSync(placeOf('running.json'), 'utf8')) as { pid: number };
    const saving = anyarch(['machine', 'stop', name, '--save', '--json']);
    while (!existsSync(placeOf('state.unfinished/memory'))) await sleep(1);
    process.kill(pid, 'SIGKILL');
    const failed = await saving;
    expect(failed.exitCode).toBe(1);
    expect(failed.stdout).toContain('QEMU ended while states was being saved');
    expect(readdirSync(placeOf('')).filter((one) => one.startsWith('state'))).toEqual([]);
    expectSoundLayers();
    const { stdout } = await machine('start', name, '--wait', 'process', '--json');
    expect((JSON.parse(stdout) as { how: string }).how).toBe('cold');
    await machine('stop', name, '--force');
    expectSoundLayers();
  });
});

describe('a mount whose virtiofsd has ended alone', () => {
  it('is told by show, list and shell', async () => {
    await machine('snapshot', 'restore', name, 'one');
    await machine('start', name);
    expect((await machine('show', name)).stdout).not.toContain('hangs');
    const { sockets } = JSON.parse(readFileSync(placeOf('running.json'), 'utf8')) as { sockets: string };
    const servers = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(`--socket-path ${sockets}/fs0 `));
    expect(servers.length).toBeGreaterThan(0);
    for (const line of servers) process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
    for (const words of [['show', name], ['list']])
      expect((await machine(...words)).stdout).toContain('/mnt/share of states hangs');
    const used = await machine('shell', name, '--', 'echo', 'answers');
    expect(used.stdout).toBe('answers\n');
    expect(used.stderr).toMatch(/hangs.*ANYARCH_MACHINE_FAILED.*machine stop states/s);
    const refused = await anyarch(['machine', 'stop', name, '--save', '--json']);
    expect(refused.stdout).toContain('ANYARCH_STATE_UNUSABLE');
    await machine('stop', name, '--force');
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  return await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
