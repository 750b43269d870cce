import { beforeEach, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { keyFiles } from '../access/keys.ts';
import { machinePlaces } from '../places.ts';
import { writeFirstStart } from '../seed/first-start.ts';
import { changeMachine } from './change.ts';
import { readMachine, writeRecord, type Machine } from './machine.ts';
import { bootId } from './process.ts';
import { writeRunning } from './running.ts';
import { exampleRecord, exampleRunning } from './testing/example-machine.ts';

const { signal } = new AbortController();
let host: FakeHost;
let machine: Machine;

beforeEach(() => {
  host = fakeHost();
  host.files.addFile('/proc/sys/kernel/random/boot_id', 'aaaa\n');
  machine = { record: exampleRecord, places: machinePlaces(host.system, exampleRecord.name) };
  host.files.makeDirectory(machine.places.directory, 0o700);
  writeRecord(host, machine);
});

it('changes what is named and nothing else', async () => {
  const { hardware } = exampleRecord;
  await changeMachine(host, 'demo', () => ({ hardware: { memoryMiB: 2048 } }), signal);
  expect(readMachine(host, 'demo').record).toEqual({
    ...exampleRecord,
    hardware: { ...hardware, memoryMiB: 2048 },
  });
  await changeMachine(host, 'demo', () => ({ hardware: {}, forwards: [] }), signal);
  expect(readMachine(host, 'demo').record).toEqual({
    ...exampleRecord,
    hardware: { ...hardware, memoryMiB: 2048 },
    forwards: [],
  });
});

it('leaves a running machine as it is', async () => {
  writeRunning(host, machine.places, {
    ...exampleRunning,
    pid: 4000,
    startTicks: 777,
    bootId: bootId(host.files),
  });
  const fields = ['S', ...Array.from({ length: 18 }, () => '0'), '777'].join(' ');
  host.files.addFile('/proc/4000/stat', `4000 (qemu) ${fields}`);
  await expect(changeMachine(host, 'demo', () => ({ hardware: { cpus: 4 } }), signal)).rejects.toMatchObject({
    code: 'ANYARCH_MACHINE_RUNNING',
  });
  expect(readMachine(host, 'demo').record).toEqual(exampleRecord);
});

it('changes only the ports of a saved machine', async () => {
  host.files.makeDirectory(machine.places.state, 0o700);
  await expect(changeMachine(host, 'demo', () => ({ hardware: { cpus: 4 } }), signal)).rejects.toMatchObject({
    code: 'ANYARCH_STATE_UNUSABLE',
  });
  await expect(
    changeMachine(host, 'demo', () => ({ hardware: {}, mounts: [] }), signal),
  ).rejects.toMatchObject({ code: 'ANYARCH_STATE_UNUSABLE' });
  expect(await changeMachine(host, 'demo', () => ({ hardware: {}, forwards: [] }), signal)).toMatchObject({
    forwards: [],
  });
});

function addKeys(): void {
  const { user, host: ofHost } = keyFiles(machine.places);
  for (const path of [user, ofHost]) {
    host.files.addFile(path, 'private\n');
    host.files.addFile(`${path}.pub`, 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ a@b\n');
  }
}

function seed(): string {
  return Buffer.from(host.files.read(machine.places.seed)).toString('latin1');
}

it('has the seed tell of other directories, beside all that it told before', async () => {
  addKeys();
  writeFirstStart(host.files, machine.places.firstStart, { packages: ['jq'], runCommands: [] });
  const mount = { source: '/data', target: '/mnt/data', isReadOnly: true };
  const changed = await changeMachine(host, 'demo', () => ({ hardware: {}, mounts: [mount] }), signal);
  const numbered = [{ ...mount, number: 0 }];
  expect(changed).toEqual({ ...exampleRecord, mounts: numbered, pastMounts: numbered });
  expect(readMachine(host, 'demo').record).toEqual(changed);
  for (const told of ['anyarch0\t/mnt/data\tro', '- jq', `instance-id: ${exampleRecord.id}`])
    expect(seed()).toContain(told);

  await changeMachine(host, 'demo', () => ({ hardware: {}, mounts: [] }), signal);
  expect(seed()).not.toContain('/mnt/data');
});

it('leaves a seed alone of which nobody knows any more what it tells, unless it is read at each boot', async () => {
  addKeys();
  host.files.addFile(machine.places.seed, 'as it was');
  const mount = { source: '/data', target: '/mnt/data', isReadOnly: true };
  await changeMachine(host, 'demo', () => ({ hardware: {}, mounts: [mount] }), signal);
  expect(seed()).toBe('as it was');

  const base = { ...exampleRecord.base, cloudInit: 'no' } as const;
  writeRecord(host, { ...machine, record: { ...exampleRecord, base } });
  await changeMachine(host, 'demo', () => ({ hardware: {}, mounts: [mount] }), signal);
  expect(seed()).toContain('anyarch0\t/mnt/data\tro');
});

it('says what is wrong with what the seed is made of', async () => {
  const change = async () =>
    await changeMachine(host, 'demo', () => ({ hardware: {}, mounts: [mount] }), signal);
  const mount = { source: '/data', target: '/mnt/data', isReadOnly: true };
  host.files.addFile(machine.places.firstStart, 'packages:');
  await expect(change()).rejects.toMatchObject({ code: 'ANYARCH_STATE_INVALID' });
  writeFirstStart(host.files, machine.places.firstStart, { packages: [], runCommands: [] });
  await expect(change()).rejects.toMatchObject({ code: 'ANYARCH_FILE' });
  expect(readMachine(host, 'demo').record).toEqual(exampleRecord);
});
