import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyarch, cloneMachine, machine, machinesHome, removeMachine } from '../support/machines/home.ts';

const name = 'states';
const copy = 'states-copy';
const placeOf = (path: string) => join(machinesHome, 'machines', name, path);

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

describe('a saved machine', () => {
  it('goes on once, with a clock that is right', async () => {
    await inGuest(name, 'echo kept >/dev/shm/in-memory');
    await machine('stop', name, '--save');
    expect(existsSync(placeOf('state'))).toBe(true);
    const started = JSON.parse((await machine('start', name, '--json')).stdout) as { how: string };
    expect(started.how).toBe('state');
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

describe('a snapshot of a running machine', () => {
  it('brings back what was there, and nothing that was written since; a copy runs beside it', async () => {
    await inGuest(name, 'echo before >~/file && sync');
    await machine('snapshot', 'save', name, 'one');
    await inGuest(name, 'echo after >~/file && sync');
    await machine('stop', name, '--force');
    await machine('snapshot', 'restore', name, 'one');
    await machine('start', name);
    expect(await inGuest(name, 'cat ~/file')).toBe('before');
    await removeMachine(copy);
    await machine('create', copy, '--from', `${name}@one`);
    await machine('start', copy);
    expect(await inGuest(copy, 'cat ~/file; echo other >~/file && sync')).toBe('before');
    expect(await inGuest(name, 'cat ~/file')).toBe('before');
    await removeMachine(copy);
  });

  it('for which there is no space leaves the guest running, and nothing behind', async () => {
    const snapshots = placeOf('snapshots');
    mkdirSync(snapshots, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32m', 'none', snapshots]);
    try {
      const refused = await anyarch(['machine', 'snapshot', 'save', name, 'two', '--json']);
      expect(refused.exitCode).toBe(1);
      expect(refused.stdout).toContain('ANYARCH_DISK_FULL');
      expect(await inGuest(name, 'echo goes on')).toBe('goes on');
      expect((await machine('snapshot', 'list', name)).stdout).not.toContain('two');
    } finally {
      execFileSync('umount', [snapshots]);
    }
  });
});
