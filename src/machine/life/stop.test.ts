import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { machinePlaces } from '../places.ts';
import { writeRecord, type Machine } from './machine.ts';
import { bootId, lookAtProcess } from './process.ts';
import { writeRunning } from './running.ts';
import { stopMachine } from './stop.ts';
import { exampleRecord, exampleRunning } from './testing/example-machine.ts';

const { signal } = new AbortController();
let directory: string;
let qemu: ChildProcess;
let server: Server | undefined;
let machine: Machine;

function host() {
  const fake = fakeHost({
    system: { environment: { ANYARCH_HOME: directory }, uid: process.getuid?.() ?? 0, pid: process.pid },
  });
  return { ...fake, files: nodeFiles, clock: { ...fake.clock, monotonic: () => performance.now() } };
}

/** It runs, and does not answer at its control socket. */
beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-stop-'));
  const sockets = join(directory, 's');
  mkdirSync(sockets);
  qemu = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  await once(qemu, 'spawn');
  machine = { record: exampleRecord, places: machinePlaces(host().system, exampleRecord.name) };
  mkdirSync(machine.places.directory, { recursive: true });
  writeRecord({ files: nodeFiles }, machine);
  const started = lookAtProcess(nodeFiles, qemu.pid ?? 0);
  const running = { ...exampleRunning, ...started, bootId: bootId(nodeFiles), sockets };
  writeRunning({ files: nodeFiles }, machine.places, running);
  server = createServer();
  await new Promise<void>((resolve) => server?.listen(join(sockets, 'qmp'), resolve));
});

afterEach(() => {
  qemu.kill('SIGKILL');
  server?.close();
  rmSync(directory, { recursive: true });
});

it('forces a QEMU that does not answer, once its time is over', { timeout: 30_000 }, async () => {
  expect(await stopMachine(host(), machine, { deadlineMs: 300, signal })).toMatchObject({ how: 'forced' });
  expect(lookAtProcess(nodeFiles, qemu.pid ?? 0)).toBeUndefined();
});

it.each([{ neverForce: true }, { save: true }])(
  'leaves it and names the remedy with %j',
  { timeout: 30_000 },
  async (options) => {
    await expect(stopMachine(host(), machine, { deadlineMs: 300, signal, ...options })).rejects.toMatchObject(
      {
        code: 'ANYARCH_MACHINE_FAILED',
        hint: expect.stringContaining('--force') as string,
      },
    );
    expect(lookAtProcess(nodeFiles, qemu.pid ?? 0)).toBeDefined();
  },
);
