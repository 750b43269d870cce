import { expect, it } from 'vitest';
import { fakeHost } from '../../host/testing/index.ts';
import { machinePlaces } from '../places.ts';
import type { Machine } from './machine.ts';
import { withMachineLock } from './lock.ts';
import { writeRecord } from './machine.ts';
import { noteReady } from './note-ready.ts';
import { bootId } from './process.ts';
import { readRunning, writeRunning } from './running.ts';
import { exampleRecord, exampleRunning as running } from './testing/example-machine.ts';
import { waitForMachine } from './wait.ts';

const { signal } = new AbortController();

function stage() {
  const host = fakeHost();
  const machine: Machine = { record: exampleRecord, places: machinePlaces(host.system, 'demo') };
  host.files.makeDirectory(machine.places.directory);
  writeRecord(host, machine);
  writeRunning(host, machine.places, running);
  return { host, machine };
}

it('is noted once', async () => {
  const { host, machine } = stage();
  await noteReady(host, machine, running, signal);
  const first = readRunning(host, machine.places);
  expect(first?.readyMs).toBeGreaterThan(0);
  host.clock.advance(1_000);
  await noteReady(host, machine, running, signal);
  expect(readRunning(host, machine.places)).toEqual(first);
});

it('finds the process again that a killed command did not note', async () => {
  const { host, machine } = stage();
  writeRunning(host, machine.places, { ...running, pid: 0, startTicks: 0 });
  await noteReady(host, machine, running, signal);
  expect(readRunning(host, machine.places)).toMatchObject({
    pid: running.pid,
    startTicks: running.startTicks,
  });
});

it('does not bring back what a stop takes away', async () => {
  const { host, machine } = stage();
  let noting: Promise<void> | undefined;
  await withMachineLock(host, machine, async () => {
    noting = noteReady(host, machine, running, signal);
    await Promise.resolve();
    host.files.remove(machine.places.running);
  });
  await noting;
  expect(readRunning(host, machine.places)).toBeUndefined();
});

it('is not of another run', async () => {
  const { host, machine } = stage();
  await noteReady(host, machine, { ...running, startedMs: 7, pid: 9 }, signal);
  expect(readRunning(host, machine.places)).toEqual(running);
});

it('waits for a machine without starting it', async () => {
  const { host, machine } = stage();
  expect(running.bootId).toBe(bootId(host.files));
  await expect(waitForMachine(host, machine, { goal: 'ssh', signal })).rejects.toThrowWithCode(
    'ANYARCH_MACHINE_STOPPED',
  );
});
