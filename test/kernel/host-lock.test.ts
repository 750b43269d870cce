import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { acquireLock, withLock } from '../../src/host/lock.ts';
import { ownIdentity } from '../../src/host/lock-holder.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { compile } from '../support/compile.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const host = nodeHost();
const racer = join(import.meta.dirname, '../support/fixtures/lock-racer.mjs');
const worker = join(import.meta.dirname, '../support/fixtures/lock-holder.mjs');
let compiled: string;
let locks: string;
let lock: string;
let log: string;
let started: ChildProcess[];

beforeAll(() => {
  compiled = temporaryDirectory('lock');
  compile(['src/core', 'src/host'], compiled);
});
beforeEach(() => {
  const own = temporaryDirectory('lock');
  locks = `${own}/locks`;
  mkdirSync(locks);
  lock = `${locks}/lock`;
  log = `${own}/log`;
  started = [];
});
afterEach(() => {
  started.forEach((child) => child.kill('SIGKILL'));
});

describe('withLock between processes', () => {
  it('names a living holder, and takes over at once when that is killed', async () => {
    const holder = start(1, 'hold');
    await until(() => existsSync(log));
    expect(() => acquireLock(host, lock, { waitMs: 100 })).toThrowWithCode('ANYARCH_LOCKED');
    expect(() => acquireLock(host, lock, { waitMs: 0 })).toThrow(`locked by process ${holder.pid} (`);
    holder.kill('SIGKILL');
    await once(holder, 'exit');
    expect(withLock(host, lock, () => 'mine', { waitMs: 0 })).toBe('mine');
    expect(readdirSync(locks)).toEqual([]);
  });

  it('is won by exactly one of those who find its holder dead', async () => {
    const rounds = 200;
    const dead = { ...ownIdentity(host.files), bootId: 'the one before' };
    for (let round = 0; round < rounds; round += 1) {
      writeFileSync(`${locks}/${round}`, JSON.stringify({ ...dead, nonce: `dead-${round}` }));
    }
    const args = [racer, compiled, locks, `${rounds}`, `${Date.now() + 1000}`];
    const racers = [1, 2, 3].map(() => spawn(process.execPath, args, { stdio: ['pipe', 'pipe', 'inherit'] }));
    started.push(...racers);
    const won = await Promise.all(
      racers.map(async ({ stdout }) => JSON.parse(String((await once(stdout, 'data'))[0])) as number[]),
    );
    expect(won.flat().sort((a, b) => a - b)).toEqual([...Array(rounds).keys()]);
  });

  it('never lets two in, while holders die inside', async () => {
    const dead = start(1, 'die');
    await once(dead, 'exit');
    const workers = [...Array(10).keys()].map((index) => start(6, index % 2 === 0 ? 'die' : 'end'));
    await Promise.all(workers.map((child) => once(child, 'exit')));
    const ends = workers.map((child) => child.signalCode ?? child.exitCode);
    expect(ends).toEqual(workers.map((_, index) => (index % 2 === 0 ? 'SIGKILL' : 0)));
    const notes = readFileSync(log, 'utf8').trim().split('\n');
    expect(notes).toHaveLength(2 * (1 + 10 * 6));
    for (let index = 0; index < notes.length; index += 2) {
      expect(notes[index + 1]).toBe(notes[index]?.replace('in', 'out'));
    }
    expect(withLock(host, lock, () => 'free', { waitMs: 0 })).toBe('free');
    expect(readdirSync(locks)).toEqual([]);
  });
});

function start(times: number, mode: 'hold' | 'die' | 'end'): ChildProcess {
  const args = [worker, compiled, lock, log, `${times}`, mode];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  started.push(child);
  return child;
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('it did not happen within 10 s');
    await delay(10);
  }
}
