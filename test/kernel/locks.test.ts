import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../../src/host/host.ts';
import { acquireLock, tryLock, withLock } from '../../src/host/lock.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { errnoThrownBy } from '../contract/errno.ts';
import { compile } from '../support/compile.ts';
import { repository } from '../support/fixtures/cache.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { buildNativeProgram } from '../support/quickjs/build.ts';
import { sessionHost } from '../support/quickjs/host.ts';
import { startSession, type Session } from '../support/quickjs/session.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const fixture = join(import.meta.dirname, '../support/fixtures/holder.mjs');
let directory: string;
let program: string;
let inside: PrivateTable;
let session: Session;
let hosts: Readonly<Record<Adapter, Host>>;
type Adapter = 'Node' | 'QuickJS';

beforeAll(async () => {
  directory = temporaryDirectory('locks');
  compile(['src/core', 'src/host'], directory);
  program = await buildNativeProgram(
    join(repository, 'test/support/quickjs/program.ts'),
    `${directory}/built`,
  );
  inside = await openPrivateTable();
  session = await startSession([...enter(), program]);
  hosts = { Node: inside.host, QuickJS: sessionHost(session) };
}, 300_000);
afterAll(async () => {
  await session.close();
  await inside.close();
});

const enter = () => [
  'nsenter',
  '--target',
  `${inside.pid}`,
  '--user',
  '--mount',
  '--preserve-credentials',
  '--',
];
const adapters = ['Node', 'QuickJS'] as const;
const pairs = adapters.flatMap((holder) => adapters.map((observer) => [holder, observer] as const));
const newPath = () => join(mkdtempSync(join(directory, 'own-')), 'lock');
const content = new Uint8Array(4);

/** A process that has got it; the result kills it. */
async function hold(adapter: Adapter, kind: 'table' | 'file', path = ''): Promise<() => Promise<void>> {
  if (adapter === 'Node')
    return await holdByNode([...enter(), process.execPath, fixture, directory, kind, path]);
  const own = await startSession([...enter(), program]);
  const host = sessionHost(own);
  const got = kind === 'table' ? host.binfmt.tryLock?.() : host.files.createHeld?.(path, content);
  expect(got).toBeDefined();
  return async () => {
    process.kill(host.system.pid, 'SIGKILL');
    await own.close();
  };
}

async function holdByNode([command = '', ...args]: readonly string[]): Promise<() => Promise<void>> {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  expect(String((await once(child.stdout, 'data'))[0])).toBe('held\n');
  return async () => {
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
}

describe.each(pairs)('what a process on %s holds, seen by one on %s', (holder, observer) => {
  it('a table is kept from others, until it is killed', async () => {
    const { binfmt } = hosts[observer];
    const kill = await hold(holder, 'table');
    expect(binfmt.tryLock?.()).toBeUndefined();
    await kill();
    // A session keeps what it gets, so one of its own.
    const kept = await hold(observer, 'table');
    await kept();
  });

  it('a file is held, until it is killed', async () => {
    const { files } = hosts[observer];
    const path = newPath();
    const kill = await hold(holder, 'file', path);
    expect(files.isHeld?.(path)).toBe(true);
    // Asking takes nothing away.
    expect(files.isHeld?.(path)).toBe(true);
    expect(errnoThrownBy(() => files.createHeld?.(path, content))).toBe('EEXIST');
    expect(readdirSync(join(path, '..'))).toEqual(['lock']);
    expect(files.status(path)?.mode).toBe(0o600);
    await kill();
    expect(files.isHeld?.(path)).toBe(false);
    expect(files.read(path)).toHaveLength(4);
  });

  it('a file that others could open, and so lock, is closed to them', async () => {
    const { files } = hosts[observer];
    const path = newPath();
    const kill = await hold(holder, 'file', path);
    chmodSync(path, 0o644);
    expect(files.isHeld?.(path)).toBe(true);
    expect(files.status(path)?.mode).toBe(0o600);
    await kill();
  });
});

describe('a lock on Node', () => {
  const host = nodeHost();

  it('of the table is let go', () => {
    const { binfmt } = inside.host;
    const first = binfmt.tryLock?.();
    expect(first).toBeDefined();
    expect(binfmt.tryLock?.()).toBeUndefined();
    first?.();
    const second = binfmt.tryLock?.();
    expect(second).toBeDefined();
    second?.();
  });

  it('does not stay with programs that were started meanwhile', async () => {
    const { binfmt } = inside.host;
    const path = newPath();
    const held = [binfmt.tryLock?.(), host.files.createHeld?.(path, content)];
    const child = spawn('sleep', ['60']);
    await once(child, 'spawn');
    expect([binfmt.tryLock?.(), host.files.isHeld?.(path)]).toEqual([undefined, true]);
    for (const letGo of held) letGo?.();
    const again = binfmt.tryLock?.();
    expect([again === undefined, host.files.isHeld?.(path)]).toEqual([false, false]);
    again?.();
    child.kill();
  });

  it('is known by its lock in another pid namespace, and free at once when that is killed', async () => {
    const path = newPath();
    const container = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc'];
    const kill = await holdByNode([...container, process.execPath, fixture, directory, 'lock', path]);
    expect(() => acquireLock(host, path, { waitMs: 100 })).toThrowWithCode('ANYARCH_LOCKED');
    expect(tryLock(host, path)).toMatchObject({ heldBy: { locked: true } });
    await kill();
    expect(withLock(host, path, () => 'mine', { waitMs: 1000 })).toBe('mine');
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('is known by its lock in another time namespace, where processes seem to have started later', async () => {
    const path = newPath();
    const shifted = ['unshare', '--time', '--boottime', '5000', '--fork', '--kill-child'];
    const kill = await holdByNode([...shifted, process.execPath, fixture, directory, 'lock', path]);
    expect(tryLock(host, path)).toMatchObject({ heldBy: { locked: true } });
    await kill();
    expect(withLock(host, path, () => 'mine', { waitMs: 1000 })).toBe('mine');
  });

  it('whose holder is gone, and that something else keeps, says how to get out of that', async () => {
    const path = newPath();
    await (
      await holdByNode([process.execPath, fixture, directory, 'lock', path])
    )();
    const keeper = spawn('flock', ['--exclusive', path, 'sleep', '60'], { detached: true });
    await expect.poll(() => host.files.isHeld?.(path)).toBe(true);
    const attempt = () => acquireLock(host, path, { waitMs: 0 });
    expect(attempt).toThrow('which is gone: another one keeps the file open');
    expect(attempt).toThrow(
      expect.objectContaining({ hint: expect.stringContaining(`rm ${path}*`) as string }) as Error,
    );
    process.kill(-keeper.pid!, 'SIGKILL');
    await expect.poll(() => host.files.isHeld?.(path)).toBe(false);
    expect(withLock(host, path, () => 'mine')).toBe('mine');
  });

  it('without such locks says what it always said', () => {
    const path = newPath();
    const files = { ...host.files, createHeld: () => undefined };
    const lock = acquireLock({ ...host, files }, path);
    expect(tryLock(host, path)).not.toMatchObject({ heldBy: { locked: true } });
    expect(tryLock(host, path)).toMatchObject({ heldBy: { pid: process.pid } });
    lock.release();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('clears away what killed processes left', () => {
    const path = newPath();
    const leave = (name: string) => {
      host.files.writeAtomic(`${path}${name}`, content);
    };
    ['.1-1-abc.tmp', '.after-x1-2', '.after-x1-2.12-3-z.tmp'].forEach(leave);
    leave('er');
    leave('.tmp');
    withLock(host, path, () => undefined);
    expect(readdirSync(join(path, '..')).sort()).toEqual(['lock.tmp', 'locker']);
  });
});
