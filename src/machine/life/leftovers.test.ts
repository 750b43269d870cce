import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import type { Host } from '../../host/host.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { machinePlaces } from '../places.ts';
import { clearSockets } from './leftovers.ts';
import { writeRecord, type Machine } from './machine.ts';
import { servesMachine } from './own-programs.ts';
import { lookAtProcess } from './process.ts';
import { removeMachine } from './remove.ts';
import { socketDirectory } from './sockets.ts';
import { stopMachine } from './stop.ts';
import { exampleRecord } from './testing/example-machine.ts';

let directory: string;
let children: ChildProcess[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-left-'));
  children = [];
});

afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(directory, { recursive: true, force: true });
});

/** A process with such a command line, whatever it really is. */
async function pretend([program = '', ...words]: readonly string[]): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)', '--', ...words], {
    argv0: program,
    stdio: 'ignore',
  });
  children.push(child);
  await new Promise((resolve) => child.once('spawn', resolve));
  return child;
}

function isAlive({ pid = 0 }: ChildProcess): boolean {
  return lookAtProcess(nodeFiles, pid) !== undefined;
}

it(
  "ends the machine's own connection, and nobody who only names its sockets",
  { timeout: 20_000 },
  async () => {
    const master = await pretend(['ssh', '-M', '-N', '-o', `ControlPath=${directory}/ssh`]);
    const shell = await pretend(['sh', '-c', `DOCKER_HOST=unix://${directory}/engine.sock docker ps`]);
    const client = await pretend(['podman', '--url', `unix://${directory}/engine.sock`, 'build', '.']);
    const session = await pretend(['ssh', '-o', `ControlPath=${directory}/ssh`, '--', 'me@127.0.0.1']);
    await clearSockets(
      { files: nodeFiles, system: { uid: process.getuid?.() ?? 0, pid: process.pid } },
      directory,
    );
    expect([master, shell, client, session].map(isAlive)).toEqual([false, true, true, true]);
    expect(existsSync(directory)).toBe(false);
  },
);

const { signal } = new AbortController();

it.each([
  ['stop', async (host: Host, machine: Machine) => (await stopMachine(host, machine, { signal })).how],
  [
    'remove',
    async (host: Host, { record }: Machine) => {
      await removeMachine(host, record.name, { signal });
    },
  ],
] as const)(
  'clears away what a killed start left, which is noted nowhere: %s',
  { timeout: 20_000 },
  async (command, run) => {
    const fake = fakeHost({
      system: {
        environment: { ANYARCH_HOME: join(directory, 'home') },
        uid: process.getuid?.() ?? 0,
        pid: process.pid,
      },
    });
    const host = { ...fake, files: nodeFiles };
    const record = { ...exampleRecord, id: randomUUID() };
    const machine = { record, places: machinePlaces(host.system, record.name) };
    mkdirSync(machine.places.directory, { recursive: true });
    writeRecord(host, machine);
    const other = socketDirectory(host, { id: randomUUID() });
    const own = socketDirectory(host, record);
    const [left, others] = await Promise.all(
      [own, other].map(async (at) => await pretend(['ssh', '-M', '-o', `ControlPath=${at}/ssh`])),
    );

    expect(await run(host, machine)).toBe(command === 'stop' ? 'already' : undefined);
    expect([left, others].map((one) => one !== undefined && isAlive(one))).toEqual([false, true]);
    expect([own, other].map((at) => existsSync(at))).toEqual([false, true]);
    rmSync(other, { recursive: true });
  },
);

const sockets = '/run/m/1';

it.each([
  [true, ['/usr/libexec/virtiofsd', '--socket-path', '/run/m/1/fs0', '--shared-dir', '/x']],
  [
    true,
    ['/t/lib/ld-linux-x86-64.so.2', '--argv0', 'virtiofsd', '/t/virtiofsd', '--socket-path', '/run/m/1/fs1'],
  ],
  [true, ['ssh: /run/m/1/ssh [mux]']],
  [false, ['/usr/libexec/virtiofsd', '--socket-path', '/run/m/12/fs0']],
  [false, ['/usr/libexec/virtiofsd', '--socket-path', '/run/m/1/fs0.log']],
  [false, ['grep', 'virtiofsd', '--socket-path', '/run/m/1/fs0']],
  [false, ['ssh', '-M', '-o', 'ControlPath=/run/m/12/ssh']],
  [false, ['vi', '/run/m/1/ssh']],
])('tells what serves a machine by its words: %s %j', (expected, command) => {
  expect(servesMachine(command, sockets)).toBe(expected);
});
