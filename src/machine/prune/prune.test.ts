import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mirrorHost } from '../../../test/support/mirror-host.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { acquireLock } from '../../host/lock.ts';
import { withMachineLock } from '../life/lock.ts';
import { writeRecord } from '../life/machine.ts';
import { machinePlaces, machinesDirectory } from '../places.ts';
import type { MachineRecord } from '../record.ts';
import { withoutMachineWork } from './prune-lock.ts';
import { pruneMachines } from './prune.ts';

let home: string;
let host: Host;

const at = (path: string): string => join(home, path);
const needed = 'debian-trixie-arm64-ad9fffc06e7b';
const unused = 'debian-trixie-riscv64-0123456789ab';
const ofDisk = 'cloud-sha256-0123456789abcdef';
const layers = ['a-1', 'b-2', 'c-3'].map((name) => `machine-layers/${name}.qcow2`);
const arm = ['qemu-system-arm', 'qemu-efi-aarch64', 'qemu-utils', 'virtiofsd'];
const sets = ['0'.repeat(32), '1'.repeat(32)];

function put(path: string, content: string | Uint8Array = 'content'): void {
  fs.mkdirSync(join(at(path), '..'), { recursive: true });
  fs.writeFileSync(at(path), content);
}

/** Header of a qcow2 file (https://www.qemu.org/docs/master/interop/qcow2.html). */
function qcow2(backing: string): Buffer {
  const header = Buffer.alloc(104 + backing.length);
  header.write('QFI\u00fb', 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeBigUInt64BE(104n, 8);
  header.writeUInt32BE(backing.length, 16);
  header.write(backing, 104);
  return header;
}

function record(image: string): MachineRecord {
  return {
    schema: 'anyarch/machine/1',
    name: 'demo',
    definition: 'arm64',
    createdMs: 1,
    id: '785dc104-07ba-4be7-bc62-31933800fcc3',
    hardware: { cpus: 2, memoryMiB: 1024, accelerator: 'tcg', words: [] },
    base: {
      file: at(`machine-images/${image}/disk.qcow2`),
      ...{ format: 'qcow2', sha256: 'ab', bytes: 2 ** 30, origin: 'Debian trixie' },
      ...{ boot: { kind: 'firmware' }, cloudInit: 'yes' },
    },
    diskBytes: 2 ** 30,
    access: { user: 'debian', key: '/keys/id' },
    forwards: [],
    mounts: [],
  };
}

interface SetContent {
  /** Digests. */
  readonly packages: readonly string[];
  /** Of QEMU, which is in the first of them. */
  readonly version?: string;
  readonly madeMs?: number;
}

function addSet(
  digest: string,
  wanted: readonly string[],
  { packages, version = '1', madeMs = 1 }: SetContent,
): void {
  const list = packages.map((sha256, index) => ({
    ...{ name: index === 0 ? 'qemu-system-arm' : 'a', version },
    ...{ suite: 'trixie', sha256 },
  }));
  const document = {
    schema: 'anyarch/programs/1',
    digest,
    architecture: 'amd64',
    suites: ['trixie'],
    wanted,
  };
  put(`programs/sets/${digest}/programs.json`, JSON.stringify({ ...document, packages: list, madeMs }));
  for (const sha256 of packages) put(`programs/packages/${sha256}/usr/bin/a`);
}

const paths = (found: readonly { readonly path: string }[]) =>
  found.map(({ path }) => path.slice(home.length + 1)).toSorted();

beforeEach(() => {
  home = fs.mkdtempSync(join(tmpdir(), 'anyarch-prune-'));
  const own = mirrorHost(home);
  const environment = { ...own.system.environment, ANYARCH_HOME: home };
  host = { ...own, system: { ...own.system, environment, machine: 'x86_64' } };
  for (const image of [needed, unused, ofDisk]) put(`machine-images/${image}/disk.qcow2`);
  const [frozen = '', active = '', lost = ''] = layers;
  put(frozen, qcow2(at(`machine-images/${ofDisk}/disk`)));
  put(active, qcow2(at(frozen)));
  put(lost, qcow2(at(`machine-images/${unused}/disk.qcow2`)));
  const places = machinePlaces(host.system, 'demo');
  fs.mkdirSync(places.directory, { recursive: true });
  writeRecord(host, { record: record(needed), places });
  fs.symlinkSync(at(active), places.disk);
  addSet(sets[0] ?? '', arm, { packages: ['a'.repeat(64), 'b'.repeat(64)] });
  addSet(sets[1] ?? '', ['tar'], { packages: ['b'.repeat(64), 'c'.repeat(64)] });
});

afterEach(() => {
  fs.rmSync(home, { recursive: true });
});

describe('prune', () => {
  const gone = [layers[2] ?? '', `machine-images/${unused}`].toSorted();
  const programs = [`programs/packages/${'c'.repeat(64)}`, `programs/sets/${sets[1] ?? ''}`];

  it('removes what no machine needs, directly or below its disk', async () => {
    const listed = await pruneMachines(host, { dryRun: true });
    expect(paths(listed.removed)).toEqual([...gone, ...programs].toSorted());
    expect(fs.existsSync(at(`machine-images/${unused}`))).toBe(true);
    const { removed, kept } = await pruneMachines(host);
    expect(paths(removed)).toEqual(paths(listed.removed));
    expect(paths(kept)).toEqual([`machine-images/${ofDisk}`, `machine-images/${needed}`]);
    expect(fs.readdirSync(at('machine-images')).toSorted()).toEqual([ofDisk, needed]);
    expect(fs.readdirSync(at('programs/packages'))).toEqual(['a'.repeat(64), 'b'.repeat(64)]);
    expect((await pruneMachines(host)).removed).toEqual([]);
  });

  it('removes everything where there is no machine', async () => {
    fs.rmSync(at('machines'), { recursive: true });
    await pruneMachines(host);
    for (const directory of ['machine-images', 'programs/sets', 'programs/packages'])
      expect(fs.readdirSync(at(directory))).toEqual([]);
    expect(fs.readdirSync(at('machine-layers'))).toEqual([]);
  });

  it('keeps what a damaged machine names, and all programs then', async () => {
    fs.writeFileSync(
      machinePlaces(host.system, 'demo').record,
      `{"file": "${at('machine-images')}/${unused}/disk`,
    );
    const { removed } = await pruneMachines(host);
    expect(paths(removed)).toEqual([layers[2], `machine-images/${needed}`].toSorted());
  });

  it('keeps the programs and images that states and snapshots name', async () => {
    const command = [at(`programs/sets/${sets[1] ?? ''}/tree/qemu`), at(`machine-images/${unused}/kernel`)];
    put('machines/demo/state/state.json', JSON.stringify({ command }));
    expect(paths((await pruneMachines(host)).removed)).toEqual([layers[2]]);
  });

  describe('with programs of an older version beside newer ones', () => {
    const digest = '2'.repeat(32);
    const older = [`programs/packages/${'d'.repeat(64)}`, `programs/sets/${digest}`];
    const isThere = (): boolean[] => older.map((path) => fs.existsSync(at(path)));
    beforeEach(() => {
      addSet(digest, arm, { packages: ['d'.repeat(64)], version: '1:10.0.13+ds-0+deb13u1', madeMs: 0 });
    });

    it('removes them where nobody needs them', async () => {
      expect(paths((await pruneMachines(host)).removed)).toEqual([...gone, ...programs, ...older].toSorted());
      expect(isThere()).toEqual([false, false]);
    });

    it.each([
      ['a saved state', 'state/state.json'],
      ['a snapshot', 'snapshots/one/snapshot.json'],
    ])('keeps them for %s', async (_, path) => {
      const memory = { savedMs: 1, qemu: { version: '10.0.13', sha256: 'ab' }, words: [], bytes: 1 };
      const layer = at(layers[0] ?? '');
      const snapshot = {
        schema: 'anyarch/machine-snapshot/1',
        name: 'one',
        createdMs: 1,
        layer,
        diskBytes: 1,
      };
      put(`machines/demo/${path}`, JSON.stringify({ ...snapshot, memory }));
      await pruneMachines(host);
      expect(isThere()).toEqual([true, true]);
    });

    it.each([
      ['10.0', true],
      ['10.1', false],
    ])('keeps them for a machine that wants %s: %s', async (qemu, isKept) => {
      const own = record(needed);
      const places = machinePlaces(host.system, 'demo');
      writeRecord(host, { record: { ...own, hardware: { ...own.hardware, qemu } }, places });
      await pruneMachines(host);
      expect(isThere()).toEqual([isKept, isKept]);
    });
  });

  it('clears what killed commands left, and nothing of others', async () => {
    const leftovers = [
      'machines/.new-785dc104',
      'machines/.gone-demo-mf0k3a',
      'machine-images/.making-1-999999-1.0a1b2c3d',
      'machine-images/.downloads',
      'machine-probes/0123456789ab',
    ];
    for (const path of leftovers) put(`${path}/file`);
    put('machine-images/mine/disk');
    put(
      'machine-images/.lock-debian-trixie-arm64-x',
      '{"pid":999999,"startTime":"1","bootId":"b","pidNamespace":"pid:[1]","nonce":"n"}',
    );
    const old = new Date(0);
    for (const path of leftovers) fs.utimesSync(at(path), old, old);
    expect(paths((await pruneMachines(host)).removed)).toEqual(
      [...gone, ...programs, ...leftovers].toSorted(),
    );
    for (const path of [...leftovers, 'machine-images/.lock-debian-trixie-arm64-x'])
      expect({ path, isThere: fs.existsSync(at(path)) }).toEqual({ path, isThere: false });
    expect(fs.existsSync(at('machine-images/mine/disk'))).toBe(true);
  });

  it('stops where a snapshot does not tell what it needs', async () => {
    put('machines/demo/snapshots/one/snapshot.json', '{');
    await expect(pruneMachines(host)).rejects.toThrowWithCode('ANYARCH_STATE_INVALID');
    expect(fs.existsSync(at(`machine-images/${unused}`))).toBe(true);
  });

  it('and commands at a machine wait for each other', async () => {
    const machine = { places: machinePlaces(host.system, 'other') };
    await withMachineLock(host, machine, async () => {
      const stop = AbortSignal.timeout(300);
      await expect(pruneMachines(host, { signal: stop })).rejects.toBeInstanceOf(AnyarchError);
      expect(fs.existsSync(at(`machine-images/${unused}`))).toBe(true);
    });
    await withoutMachineWork(host, machinesDirectory(host.system), undefined, async () => {
      const refused = withMachineLock(host, machine, () => Promise.resolve(), { waitMs: 200 });
      await expect(refused).rejects.toThrowWithCode('ANYARCH_LOCKED');
    });
    await withMachineLock(host, machine, () => Promise.resolve(), { waitMs: 200 });
  });

  it('leaves an image that is being made anew', async () => {
    const lock = acquireLock(host, at(`machine-images/.lock-${unused}`));
    const { kept } = await pruneMachines(host);
    expect(paths(kept)).toContain(`machine-images/${unused}`);
    lock.release();
  });
});
