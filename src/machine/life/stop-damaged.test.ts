import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { consoleWords } from '../command-line/console-words.ts';
import { machinePlaces, type MachinePlaces } from '../places.ts';
import { removeMachine } from './remove.ts';
import { stopByForce } from './stop.ts';
import { readMachine } from './machine.ts';
import { lookAtProcess } from './process.ts';

const { signal } = new AbortController();
let directory: string;
let children: ChildProcess[];
let places: MachinePlaces;

function host() {
  const fake = fakeHost({
    system: { environment: { ANYARCH_HOME: directory }, uid: process.getuid?.() ?? 0, pid: process.pid },
  });
  return { ...fake, files: nodeFiles };
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-damaged-'));
  children = [];
  places = machinePlaces(host().system, 'demo');
  mkdirSync(places.directory, { recursive: true });
  mkdirSync(join(directory, 'sockets'));
  writeFileSync(places.record, '{');
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** Something with such words in its command line that goes on until it is ended. */
async function run(...words: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', '--', ...words], {
    stdio: 'ignore',
  });
  children.push(child);
  await once(child, 'spawn');
  return child;
}

function isAlive({ pid = 0 }: ChildProcess): boolean {
  return lookAtProcess(nodeFiles, pid) !== undefined;
}

async function runMachine(): Promise<ChildProcess> {
  return await run(...consoleWords({}, { console: join(directory, 'sockets', 'console') }, places.console));
}

it.each(['of a damaged record', 'of a run that is not noted any more'])(
  'is removed by force with its QEMU: a machine %s',
  { timeout: 30_000 },
  async (what) => {
    writeFileSync(places.running, what.includes('run') ? '{' : '');
    const qemu = await runMachine();
    const reader = await run('tail', '-f', places.console);
    await removeMachine(host(), 'demo', { force: true, signal });
    expect(isAlive(qemu)).toBe(false);
    expect(isAlive(reader)).toBe(true);
    expect(existsSync(places.directory)).toBe(false);
    expect(existsSync(join(directory, 'sockets'))).toBe(false);
  },
);

it('is stopped by force without its record, and stays', { timeout: 30_000 }, async () => {
  const qemu = await runMachine();
  expect(() => readMachine(host(), 'demo')).toThrowWithCode('ANYARCH_STATE_INVALID');
  expect(await stopByForce(host(), 'demo', signal)).toMatchObject({ how: 'forced' });
  expect(isAlive(qemu)).toBe(false);
  expect(await stopByForce(host(), 'demo', signal)).toMatchObject({ how: 'already' });
  expect(existsSync(places.record)).toBe(true);
});

it('leaves all running when it is only tried', async () => {
  const qemu = await runMachine();
  await removeMachine(host(), 'demo', { force: true, dryRun: true, signal });
  expect(isAlive(qemu)).toBe(true);
  expect(existsSync(places.directory)).toBe(true);
});

it('is not found by another name', async () => {
  await expect(stopByForce(host(), 'other', signal)).rejects.toThrowWithCode('ANYARCH_MACHINE_NOT_FOUND');
});
