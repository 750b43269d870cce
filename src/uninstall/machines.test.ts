import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunningMachine } from '../machine/index.ts';
import { uninstallMachine, state, type UninstallMachine } from './testing/uninstall-machine.ts';

let at: UninstallMachine;
let before: string[];

const machine = `${state}/machines/demo`;
const image = `${state}/machine-images/debian-trixie-arm64-ad9fffc06e7b/disk.qcow2`;
const layer = `${state}/machine-layers/mf0k3a-2x9c8v.qcow2`;
const set = `${state}/programs/sets/0123456789abcdef0123456789abcdef/programs.json`;

const running: RunningMachine = {
  schema: 'anyarch/running-machine/1',
  pid: 4000,
  startTicks: 777,
  bootId: '6f6b1a0e-62f9-4b7e-a8a7-3d2f5c0e9b11',
  startedMs: 1,
  sockets: '/tmp/anyarch-0/m/785dc104',
  sshPort: 2222,
  qemu: { version: '10.0.13', sha256: 'cd' },
  command: ['qemu'],
  start: 'cold',
};

const record = {
  schema: 'anyarch/machine/1',
  name: 'demo',
  definition: 'arm64',
  createdMs: 1,
  id: '785dc104-07ba-4be7-bc62-31933800fcc3',
  hardware: { cpus: 2, memoryMiB: 1024, accelerator: 'tcg', words: [] },
  base: {
    ...{ file: image, format: 'qcow2', sha256: 'ab', bytes: 2 ** 30, origin: 'Debian trixie' },
    ...{ boot: { kind: 'firmware' }, cloudInit: 'yes' },
  },
  diskBytes: 2 ** 30,
  access: { user: 'debian', key: '/keys/id' },
  forwards: [],
  mounts: [],
};

beforeEach(() => {
  at = uninstallMachine();
  before = at.tree();
  const { files } = at.host;
  for (const path of [image, layer, set, `${state}/programs/packages/${'a'.repeat(64)}/usr/bin/qemu`])
    files.addFile(path, 'content');
});

function addMachine(): void {
  const { files } = at.host;
  files.addFile(`${machine}/machine.json`, JSON.stringify(record));
  files.addFile(`${machine}/ssh/id_ed25519`, 'key');
  files.addLink(`${machine}/disk.qcow2`, layer);
}

function run(): void {
  const { files } = at.host;
  files.addFile('/proc/sys/kernel/random/boot_id', `${running.bootId}\n`);
  files.addFile('/proc/4000/stat', `4000 (qemu) S ${'1 '.repeat(18)}777 0\n`);
  files.addFile(`${machine}/running.json`, JSON.stringify(running));
}

function addLeftovers(): void {
  const { files } = at.host;
  for (const path of [
    `${state}/machines/.new-785dc104-07ba-4be7-bc62-31933800fcc3/seed.iso`,
    `${state}/machines/.gone-demo-mf0k3a/disk.qcow2`,
    `${state}/machine-images/.making-4026531836-77-123.0a1b2c3d/scratch/root.tar`,
    `${state}/machine-images/.downloads/${'b'.repeat(64)}.part.4026531836-7-12.0a1b`,
    `${state}/machine-probes/0123456789ab/payload.bin`,
    '/tmp/anyarch-0/m/785dc104/qmp',
    '/root/.cache/anyarch/disks/4026531836-7-12.0a1b2c3d4e5f/root.tar',
  ])
    files.addFile(path, 'content');
  const dead = { pid: 77, startTime: '1', bootId: 'another', pidNamespace: 'pid:[1]', nonce: 'abc' };
  for (const name of [
    'machines/.demo.lock',
    'machines/.pruning',
    'machine-images/.lock-debian-trixie-arm64-ad9fffc06e7b',
    'machine-images/.lock-debian-trixie-arm64-ad9fffc06e7b.after-abc-1',
    'machine-layers/lock',
    'programs/lock',
  ])
    files.addFile(`${state}/${name}`, JSON.stringify(dead));
}

describe('machines', () => {
  it('stay with all that their disks lie over', async () => {
    addMachine();
    addLeftovers();
    const { outcome, left, removed } = await at.run();
    expect(outcome).toBe('ok');
    expect(left.map(({ subject }) => subject)).toEqual(
      expect.arrayContaining([machine, layer, image.slice(0, image.lastIndexOf('/'))]),
    );
    expect(left.find(({ subject }) => subject === machine)?.reason).toContain('--machines');
    for (const path of [`${machine}/machine.json`, `${machine}/disk.qcow2`, image, layer, set])
      expect(at.host.files.linkStatus(path)).toBeDefined();
    expect(removed.filter(({ subject }) => subject.includes('/.making-'))).toHaveLength(1);
    const hidden = at
      .tree(state)
      .filter((path) => /\/\.(?:new|gone|making|lock|downloads|demo|pruning)/.test(path));
    expect(hidden).toEqual([]);
  });

  it('go when that is asked for, and nothing is left', async () => {
    addMachine();
    addLeftovers();
    const listed = await at.run({ machines: true, dryRun: true });
    expect(listed.removed.map(({ subject }) => subject)).toContain(machine);
    expect(at.host.files.linkStatus(`${machine}/machine.json`)).toBeDefined();
    const { outcome, left } = await at.run({ machines: true });
    expect({ outcome, left }).toEqual({ outcome: 'ok', left: [] });
    expect(at.tree()).toEqual(before);
  });

  it('free as much as their disks take, without the holes', async () => {
    addMachine();
    const { files } = at.host;
    const original = files.linkStatus.bind(files);
    vi.spyOn(files, 'linkStatus').mockImplementation((path) => {
      const status = original(path);
      return path === layer && status !== undefined
        ? { ...status, size: 10 * 2 ** 30, allocatedBytes: 12_288 }
        : status;
    });
    const { removed } = await at.run({ machines: true, dryRun: true });
    expect(removed.find(({ subject }) => subject === layer)).toMatchObject({ bytes: 12_288 });
    const kept = removed.find(({ subject }) => subject === image.slice(0, image.lastIndexOf('/')));
    expect(kept).toMatchObject({ bytes: 'content'.length });
  });

  it('of which there are none keep no image and no program', async () => {
    const { left } = await at.run();
    expect(left).toEqual([]);
    expect(at.tree()).toEqual(before);
  });

  it('that run hold everything up, also by force', async () => {
    addMachine();
    run();
    const all = at.tree();
    for (const options of [{}, { force: true }, { machines: true }, { machines: true, force: true }])
      await expect(at.run(options)).rejects.toMatchObject({
        code: 'ANYARCH_MACHINE_RUNNING',
        hint: 'anyarch machine stop demo',
      });
    expect(at.tree()).toEqual(all);
    const { users } = await at.run({ dryRun: true });
    expect(users).toContainEqual({ pid: 4000, uses: 'machine demo' });
  });

  it('of another state directory keep their sockets', async () => {
    const socket = '/tmp/anyarch-0/m/785dc104/qmp';
    at.host.files.addFile(socket, '');
    at.host.files.addFile('/proc/4000/stat', `4000 (qemu) S ${'1 '.repeat(18)}777 0\n`);
    at.host.files.addFile('/proc/4000/cmdline', `qemu\0-qmp\0unix:${socket}\0`);
    const { outcome, left } = await at.run();
    expect(outcome).toBe('ok');
    expect(left.map(({ subject }) => subject)).toContain('/tmp/anyarch-0/m/785dc104');
    expect(at.host.files.linkStatus(socket)).toBeDefined();
  });

  it('that are damaged stay, too', async () => {
    at.host.files.addFile(`${machine}/machine.json`, '{"schema":');
    await at.run();
    expect(at.host.files.linkStatus(image)).toBeDefined();
    expect(at.host.files.linkStatus(`${machine}/machine.json`)).toBeDefined();
  });

  it('are not taken for what somebody else keeps under such a name', async () => {
    const notes = `${state}/machines/notes.txt`;
    at.host.files.addFile(notes, 'mine');
    const { left } = await at.run({ machines: true });
    expect(left).toContainEqual(
      expect.objectContaining({ subject: notes, reason: 'anyarch did not make it' }),
    );
    expect(at.host.files.linkStatus(notes)).toBeDefined();
  });
});
