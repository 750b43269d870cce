import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { machinePlaces } from '../places.ts';
import { startFakeQemu, type FakeQemu } from '../qmp/testing/fake-qemu.ts';
import { writeRecord, type Machine } from './machine.ts';
import { bootId, lookAtProcess } from './process.ts';
import { writeRunning } from './running.ts';
import { stopMachine } from './stop.ts';
import { exampleRecord, exampleRunning } from './testing/example-machine.ts';

const { signal } = new AbortController();
let directory: string;
let qemu: ChildProcess;
let control: FakeQemu | undefined;
let machine: Machine;

function host() {
  const fake = fakeHost({
    system: { environment: { ANYARCH_HOME: directory }, uid: process.getuid?.() ?? 0, pid: process.pid },
  });
  return { ...fake, files: nodeFiles, clock: { ...fake.clock, monotonic: () => performance.now() } };
}

/** It runs, and has no control socket yet. */
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
});

afterEach(async () => {
  qemu.kill('SIGKILL');
  await control?.stop();
  rmSync(directory, { recursive: true });
});

/** @param hello what QEMU says first; without it, it hangs */
async function answering(
  answers: (command: string) => object | undefined,
  hello?: string,
): Promise<FakeQemu> {
  control = await startFakeQemu(join(directory, 's/qmp'), answers, hello);
  return control;
}

const runs = () => lookAtProcess(nodeFiles, qemu.pid ?? 0) !== undefined;
const stop = async (options: Partial<Parameters<typeof stopMachine>[2]> = {}) =>
  await stopMachine(host(), machine, { deadlineMs: 300, signal, ...options });

describe('a QEMU that does not answer', () => {
  beforeEach(async () => {
    await answering(() => undefined, '');
  });

  it('is forced, once its time is over', { timeout: 30_000 }, async () => {
    expect(await stop()).toMatchObject({ how: 'forced' });
    expect(runs()).toBe(false);
  });

  it.each([{ neverForce: true }, { save: true }])(
    'is left, and the remedy named, with %j',
    { timeout: 30_000 },
    async (options) => {
      await expect(stop(options)).rejects.toMatchObject({
        code: 'ANYARCH_MACHINE_FAILED',
        hint: expect.stringContaining('--force') as string,
      });
      expect(runs()).toBe(true);
    },
  );
});

/** As QEMU has it: it stops the guest again at once when the write that is tried again fails. */
function heldBy(ioStatus: string, { goesOn }: { readonly goesOn: boolean }) {
  let status = 'io-error';
  return (command: string): object => {
    if (command === 'cont' && goesOn) status = 'running';
    if (command === 'system_powerdown' && status === 'running') qemu.kill('SIGKILL');
    if (command === 'query-status') return { return: { status } };
    return { return: command === 'query-block' ? [{ 'io-status': ioStatus }] : {} };
  };
}

describe('a guest whose disk cannot be written', () => {
  it.each([
    ['nospace', 'ANYARCH_DISK_FULL', {}],
    ['nospace', 'ANYARCH_DISK_FULL', { save: true }],
    ['failed', 'ANYARCH_MACHINE_FAILED', {}],
  ])('is left (%s), and that is said at once: %s, with %j', async (ioStatus, code, options) => {
    const { commands } = await answering(heldBy(ioStatus, { goesOn: false }));
    const begun = performance.now();
    await expect(stop({ deadlineMs: 60_000, ...options })).rejects.toMatchObject({
      code,
      hint: expect.stringContaining('anyarch machine stop demo --force') as string,
    });
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(commands).not.toContain('system_powerdown');
    expect(commands).not.toContain('migrate');
    expect(runs()).toBe(true);
  });

  it('switches itself off where there is room by now', async () => {
    await answering(heldBy('ok', { goesOn: true }));
    expect(await stop({ deadlineMs: 60_000 })).toMatchObject({ how: 'powerdown' });
  });

  it('is ended by force', async () => {
    await answering(heldBy('nospace', { goesOn: false }));
    expect(await stop({ force: true })).toMatchObject({ how: 'forced' });
    expect(runs()).toBe(false);
  });
});
