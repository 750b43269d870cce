import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { fakeHost, type FakeHost } from '../../host/testing/index.ts';
import { machinePlaces } from '../places.ts';
import { listMachines } from './list.ts';
import { checkMachineName, machineNames, readMachine, writeRecord, type Machine } from './machine.ts';
import { writeRunning } from './running.ts';
import { machineSockets, socketDirectory } from './sockets.ts';
import { machineStatus } from './status.ts';
import { exampleRecord as record, exampleRunning as running } from './testing/example-machine.ts';
import { removeMachine } from './remove.ts';
import { stopMachine } from './stop.ts';
import { withMachine } from './with-machine.ts';

let host: FakeHost;
let machine: Machine;

beforeEach(() => {
  host = fakeHost();
  machine = { record, places: machinePlaces(host.system, 'demo') };
  host.files.makeDirectory(machine.places.directory);
  writeRecord(host, machine);
});

function runProcess(pid: number, startTicks: number, command: readonly string[], state = 'S'): void {
  host.files.addFile(`/proc/${pid}/stat`, `${pid} (qemu (x) 1) ${state} ${'1 '.repeat(18)}${startTicks} 0\n`);
  host.files.addFile(`/proc/${pid}/cmdline`, `${command.join('\0')}\0`);
}

describe('the record of a machine', () => {
  it('is read as it was written', () => {
    expect(readMachine(host, 'demo')).toEqual(machine);
    expect(machineNames(host)).toEqual(['demo']);
  });

  it.each([
    ['no JSON', '{'],
    ['another schema', JSON.stringify({ ...record, schema: 'x' })],
    ['another machine', JSON.stringify({ ...record, name: 'other' })],
    ['a relative path', JSON.stringify({ ...record, access: { user: 'a', key: 'keys/id' } })],
    ['something unknown', JSON.stringify({ ...record, more: 1 })],
  ])('is damaged: %s', (_, text) => {
    host.files.addFile(machine.places.record, text);
    expect(() => readMachine(host, 'demo')).toThrowWithCode('ANYARCH_STATE_INVALID');
    expect(listMachines(host)).toMatchObject([{ name: 'demo', state: 'damaged' }]);
  });

  it('is damaged without its record', () => {
    host.files.remove(machine.places.record);
    expect(() => readMachine(host, 'demo')).toThrowWithCode('ANYARCH_STATE_INVALID');
    expect(listMachines(host)).toMatchObject([{ name: 'demo', state: 'damaged' }]);
  });

  it('is damaged where its record is no file, and the others are listed', () => {
    host.files.remove(machine.places.record);
    host.files.makeDirectory(machine.places.record);
    const good = machinePlaces(host.system, 'good');
    host.files.makeDirectory(good.directory);
    writeRecord(host, { record: { ...record, name: 'good' }, places: good });
    expect(() => readMachine(host, 'demo')).toThrowWithCode('ANYARCH_STATE_INVALID');
    expect(listMachines(host)).toMatchObject([
      { name: 'demo', state: 'damaged' },
      { name: 'good', state: 'stopped' },
    ]);
  });

  it('is not looked for in files and links of others, which stay', async () => {
    const { signal } = new AbortController();
    const places = machinePlaces(host.system, 'linked');
    host.files.writeLink(places.directory, machine.places.directory);
    host.files.addFile(machinePlaces(host.system, 'foreign').directory, 'hello');
    for (const name of ['linked', 'foreign']) {
      const { directory } = machinePlaces(host.system, name);
      expect(() => readMachine(host, name)).toThrowWithCode('ANYARCH_FILE');
      const removing = removeMachine(host, name, { force: true, signal });
      await expect(removing).rejects.toMatchObject({ code: 'ANYARCH_FILE' });
      expect(host.files.linkStatus(directory)).toBeDefined();
    }
    expect(listMachines(host)).toMatchObject([{ name: 'demo', state: 'stopped' }]);
  });

  it('is read anew by a command that waited for another one', async () => {
    const { signal } = new AbortController();
    const longer = { ...record, diskBytes: 2 ** 31 };
    let waiting: Promise<Machine> | undefined;
    await withMachine(host, 'demo', async () => {
      waiting = withMachine(host, 'demo', (now) => Promise.resolve(now));
      await setImmediate();
      writeRecord(host, { ...machine, record: longer });
    });
    expect((await waiting)?.record).toEqual(longer);

    let stopping: Promise<unknown> | undefined;
    await withMachine(host, 'demo', async () => {
      stopping = stopMachine(host, machine, { signal }).catch((error: unknown) => error);
      await setImmediate();
      host.files.remove(machine.places.directory);
    });
    expect(await stopping).toMatchObject({ code: 'ANYARCH_MACHINE_NOT_FOUND' });
    expect(host.files.linkStatus(machine.places.directory)).toBeUndefined();
  });

  it('loses what killed commands left, and nothing that is being made', async () => {
    const machines = machine.places.directory.replace(/demo$/, '');
    const [gone, making, kept] = [
      `${machines}.gone-x-1/ssh/id`,
      `${machines}.new-1/ssh/id`,
      'snapshots/kept',
    ];
    for (const path of [gone, making]) host.files.addFile(path, 'key');
    for (const path of ['snapshots/.half', kept])
      host.files.addFile(`${machine.places.directory}/${path}/memory`, '');
    await withMachine(host, 'demo', () => Promise.resolve());
    expect(host.files.status(gone)).toBeUndefined();
    expect(host.files.status(making)).toBeDefined();
    expect(host.files.list(machine.places.snapshots)).toEqual(['kept']);
  });

  it('is not found by another name, nor by a path', () => {
    expect(() => readMachine(host, 'other')).toThrowWithCode('ANYARCH_MACHINE_NOT_FOUND');
    for (const name of ['', '..', '../demo', 'Demo', '-a', 'a-', 'a b', 'a'.repeat(41)])
      expect(() => {
        checkMachineName(name);
      }).toThrowWithCode('ANYARCH_USAGE');
  });
});

describe('whether a machine runs', () => {
  it('is told by its process', () => {
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped', crashed: false });
    writeRunning(host, machine.places, running);
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped', crashed: true, rebooted: false });
    runProcess(4000, 777, running.command);
    expect(machineStatus(host, machine)).toEqual({ kind: 'running', running });
    runProcess(4000, 778, running.command);
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped', crashed: true });
    runProcess(4000, 777, running.command, 'Z');
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped', crashed: true });
  });

  it('is not told by a process of another boot', () => {
    writeRunning(host, machine.places, { ...running, bootId: 'before' });
    runProcess(4000, 777, running.command);
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped', crashed: true, rebooted: true });
  });

  it('is found out where a command was killed before it knew the process', () => {
    writeRunning(host, machine.places, { ...running, pid: 0, startTicks: 0 });
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped' });
    runProcess(4321, 999, ['virtiofsd', '--socket', '/tmp/anyarch-0/m/785dc104/fs0']);
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped' });
    runProcess(4322, 1000, ['/lib/ld.so', ...running.command]);
    const found = { ...running, pid: 4322, startTicks: 1000 };
    expect(machineStatus(host, machine)).toEqual({ kind: 'running', running: found });
    expect(machineStatus(host, machine)).toEqual({ kind: 'running', running: found });
  });

  it('tells a guest that switched itself off from a crash', () => {
    writeRunning(host, machine.places, running);
    host.files.addFile(machine.places.console, '[  9.1] reboot: Power down\r\n');
    expect(machineStatus(host, machine)).toMatchObject({ kind: 'stopped', crashed: false });
  });
});

describe('sockets', () => {
  it("are in a directory that is its user's alone", () => {
    const directory = socketDirectory(host, record);
    expect(directory).toBe('/tmp/anyarch-0/m/785dc104');
    expect(machineSockets(directory).mount(1)).toBe('/tmp/anyarch-0/m/785dc104/fs1');
    host.files.addDirectory('/tmp/anyarch-0/m/785dc104', { mode: 0o770 });
    expect(() => socketDirectory(host, record)).toThrowWithCode('ANYARCH_PERMISSION');
  });

  it("are not in what goes with their user's session, unless somebody else has the other place", () => {
    const other = fakeHost({ system: { environment: { XDG_RUNTIME_DIR: '/run/user/0' } } });
    expect(socketDirectory(other, record)).toBe('/tmp/anyarch-0/m/785dc104');
    other.files.addDirectory('/tmp/anyarch-0', { mode: 0o777 });
    expect(socketDirectory(other, record)).toBe('/run/user/0/anyarch/m/785dc104');
  });

  it('have short paths', () => {
    const runtime = `/run/${'a'.repeat(90)}`;
    const other = fakeHost({ system: { environment: { XDG_RUNTIME_DIR: runtime } } });
    other.files.addDirectory('/tmp/anyarch-0', { mode: 0o777 });
    expect(() => socketDirectory(other, record)).toThrowWithCode('ANYARCH_PERMISSION');
  });
});
