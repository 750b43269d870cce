import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AnyarchError } from '../../src/core/error.ts';
import { fakeHost } from '../../src/host/testing/index.ts';
import { activeDisk, backingFile } from '../../src/machine/layers/index.ts';
import { exampleRecord, exampleRunning } from '../../src/machine/life/testing/example-machine.ts';
import { bootId, lookAtProcess } from '../../src/machine/life/process.ts';
import type { MachinePlaces } from '../../src/machine/places.ts';
import { pruneMachines } from '../../src/machine/prune/prune.ts';
import {
  findSnapshot,
  removeSnapshot,
  restoreSnapshot,
  saveSnapshot,
} from '../../src/machine/snapshot/index.ts';
import { command, qemu, scriptedQemu } from '../../src/machine/snapshot/testing/kept-machine.ts';
import { stateToResume } from '../../src/machine/state/resume-state.ts';
import { layeredMachines, mebibyte, type LayeredMachines } from '../support/disks/layered-machines.ts';

let all: LayeredMachines;

beforeEach(async () => {
  all = await layeredMachines();
});

afterEach(() => {
  all.remove();
});

interface Chain {
  readonly base: string;
  readonly middle: string;
  readonly top: string;
  readonly places: MachinePlaces;
  readonly content: string;
}

interface Sizes {
  readonly format?: 'qcow2' | 'raw';
  readonly base?: number;
  readonly middle?: number;
  readonly top?: number;
}

/** A machine whose disk is two layers over a base, as removing a snapshot leaves it. */
function chain(sizes: Sizes = {}): Chain {
  const base = all.base(sizes.format, sizes.base);
  const middle = all.layer('middle', base, sizes.middle);
  const top = all.layer('top', middle, sizes.top);
  return { base, middle, top, places: all.machine('demo', top), content: all.content(top) };
}

const prune = async (options: { dryRun?: boolean; signal?: AbortSignal } = {}) =>
  (await pruneMachines(all.host, options)).merged;

/** Not one byte of any layer, nor when they were written. */
function state(): string[] {
  return all.layers().map((name) => {
    const file = join(all.directory, 'machine-layers', name);
    return `${name} ${statSync(file).mtimeMs} ${readFileSync(file).toString('base64')}`;
  });
}

async function expectUntouched(outcome: string | undefined): Promise<void> {
  const before = state();
  expect((await prune())[0]?.outcome).toBe(outcome);
  expect(state()).toEqual(before);
}

describe('layers that only one other is read through', () => {
  it('are merged with it, and what is read from it is the same', async () => {
    const { base, middle, top, content } = chain();
    const before = state();
    expect(await prune({ dryRun: true })).toEqual([
      { path: top, layers: [middle], outcome: 'would-merge', mostBytes: expect.any(Number) as number },
    ]);
    expect(state()).toEqual(before);
    expect(await prune()).toEqual([
      { path: top, layers: [middle], outcome: 'merged', bytes: expect.any(Number) as number },
    ]);
    expect(all.chain(top)).toEqual(['top.qcow2', basename(base)]);
    expect(all.layers()).toEqual(['top.qcow2']);
    expect(all.isContent(top, content)).toBe(true);
    expect(await prune()).toEqual([]);
  });

  it('are all merged at once, however many they are', async () => {
    const { top } = chain();
    const above = all.layer('above', top);
    const places = all.machine('other', above);
    const content = all.content(above);
    all.host.files.remove(join(places.directory, '..', 'demo'));
    const [merged] = await prune();
    expect(merged).toMatchObject({ path: above, outcome: 'merged' });
    expect(merged?.layers.map((one) => basename(one))).toEqual(['top.qcow2', 'middle.qcow2']);
    expect(all.layers()).toEqual(['above.qcow2']);
    expect(all.isContent(above, content)).toBe(true);
  });

  it('take no space for what the guest has zeroed', async () => {
    const base = all.base();
    all.run('qemu-io', '-f', 'qcow2', '-c', `write -P 7 0 ${24 * mebibyte}`, base);
    const middle = all.layer('middle', base);
    all.run('qemu-io', '-f', 'qcow2', '-c', `write -zu 0 ${32 * mebibyte}`, middle);
    const top = all.layer('top', middle);
    all.machine('demo', top);
    const before = statSync(top).blocks * 512;
    await prune();
    expect(all.layers()).toEqual(['top.qcow2']);
    expect(statSync(top).blocks * 512 - before).toBeLessThan(mebibyte);
  });

  const [small, medium, large] = [24, 32, 40].map((mib) => mib * mebibyte + 33_280) as [
    number,
    number,
    number,
  ];
  it.each([
    { base: small, middle: medium, top: large },
    { base: small, middle: large, top: medium },
    { base: medium, middle: small, top: large },
    { base: medium, middle: large, top: small },
    { base: large, middle: small, top: medium },
    { base: large, middle: medium, top: small },
    { base: large, middle: small, top: large },
  ])('may have other sizes than it: $base, $middle, $top', async (sizes) => {
    for (const format of ['qcow2', 'raw'] as const) {
      const { top, content } = chain({ ...sizes, format });
      expect((await prune())[0]).toMatchObject({ outcome: 'merged' });
      expect(all.isContent(top, content)).toBe(true);
      all.remove();
      all = await layeredMachines();
    }
  });

  it('are found to differ where they do', () => {
    const { top, content } = chain();
    all.run('qemu-io', '-f', 'qcow2', '-c', 'write -P 99 1M 512', '-c', 'write -P 98 2M 512', top);
    expect(all.isContent(top, content)).toBe(false);
  });
});

describe('layers stay as they are', () => {
  it('where a snapshot names them, finished or not', async () => {
    for (const name of ['one', '.one']) {
      const { middle, places } = chain();
      all.snapshot(places, name, middle);
      await expectUntouched(undefined);
      all.remove();
      all = await layeredMachines();
    }
  });

  it('where two others lie over them', async () => {
    const { middle } = chain();
    all.machine('other', all.layer('beside', middle));
    await expectUntouched(undefined);
  });

  it('where a snapshot of any machine is damaged', async () => {
    chain();
    const { snapshots } = all.machine('other', '/nowhere');
    mkdirSync(join(snapshots, 'one'), { recursive: true });
    writeFileSync(join(snapshots, 'one', 'snapshot.json'), '{');
    const before = state();
    await expect(prune()).rejects.toThrowWithCode('ANYARCH_STATE_INVALID');
    expect(state()).toEqual(before);
  });

  it('where the machine was saved, also while it was being made', async () => {
    for (const name of ['state', 'state.unfinished']) {
      const { places } = chain();
      mkdirSync(join(places.directory, name));
      await expectUntouched('kept');
      all.remove();
      all = await layeredMachines();
    }
  });

  it('where it cannot be told whether the machine runs', async () => {
    const { places } = chain();
    writeFileSync(places.running, '{');
    await expectUntouched('kept');
  });

  it('where the machine runs, whatever locks there are', async () => {
    const { places } = chain();
    const startTicks = lookAtProcess(all.host.files, process.pid)?.startTicks ?? 0;
    const running = { ...exampleRunning, pid: process.pid, startTicks, bootId: bootId(all.host.files) };
    writeFileSync(places.running, JSON.stringify(running));
    expect(await prune()).toMatchObject([{ outcome: 'kept', reason: 'demo runs' }]);
    writeFileSync(places.running, JSON.stringify({ ...running, startTicks: 1 }));
    expect(await prune()).toMatchObject([{ outcome: 'kept', reason: 'demo was not stopped properly' }]);
    expect(all.layers()).toHaveLength(2);
  });

  it('where there is no qemu-img, or an old one only', async () => {
    chain();
    writeFileSync(all.imageTool, '#!/bin/sh\necho qemu-img version 8.2.0\n', { mode: 0o755 });
    await expectUntouched('kept');
  });
});

describe('a QEMU that has a disk open', () => {
  /** Without a guest: what it locks is the same. */
  async function opened(file: string): Promise<() => Promise<void>> {
    const pidFile = join(all.directory, 'daemon.pid');
    const [program = '', ...words] = all.command('qemu-storage-daemon');
    const disk = ['--blockdev', `driver=file,node-name=file,filename=${file}`];
    const node = ['--blockdev', 'driver=qcow2,node-name=disk,file=file'];
    const socket = `addr.type=unix,addr.path=${join(all.directory, 'nbd')}`;
    const shown = ['--nbd-server', socket, '--export', 'type=nbd,id=e,node-name=disk,writable=on'];
    const child = spawn(program, [...words, ...disk, ...node, ...shown, '--pidfile', pidFile]);
    while (!existsSync(pidFile) && child.exitCode === null) await sleep(20);
    expect(child.exitCode).toBe(null);
    return async () => {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    };
  }

  it.each(['the layer', 'a layer above it'])('as %s keeps all as it is, until it ends', async (which) => {
    const { middle, top, places } = chain();
    if (which === 'a layer above it') all.snapshot(places, 'one', top);
    const disk = which === 'the layer' ? top : all.layer('above', top);
    const close = await opened(disk);
    const before = state();
    expect(await prune()).toMatchObject([
      { path: top, layers: [middle], outcome: 'kept', reason: 'another process has it open' },
    ]);
    expect(state().filter((one) => !one.startsWith('above'))).toEqual(
      before.filter((one) => !one.startsWith('above')),
    );
    await close();
    expect(await prune()).toMatchObject([{ path: top, outcome: 'merged' }]);
  });
});

describe('merging that does not come to its end', () => {
  /** Every request fails from this event on: https://www.qemu.org/docs/master/devel/blkdebug.html */
  const failing = (event: string, errno: number, mode = 'writethrough') => `
if [ "$1" = rebase ]; then
  for word; do
    shift
    case $word in
      writethrough) word=${mode} ;;
      driver=qcow2,*)
        word=$(echo "$word" | sed 's/file.driver=file,file.filename=/file.driver=blkdebug,file.inject-error.0.event=${event},file.inject-error.0.errno=${errno},file.image.driver=file,file.image.filename=/') ;;
    esac
    set -- "$@" "$word"
  done
fi`;

  it('because its tables cannot be written loses nothing', async () => {
    const { middle, top, content } = chain();
    all.interpose(failing('l2_update', 5));
    const [failed] = await prune();
    expect(failed).toMatchObject({ outcome: 'failed', error: { code: 'ANYARCH_DISK_INVALID' } });
    expect(backingFile(all.host.files, top)).toBe(middle);
    expect(all.isContent(top, content)).toBe(true);
    all.interpose('');
    expect((await prune())[0]).toMatchObject({ outcome: 'merged' });
    expect(all.isContent(top, content)).toBe(true);
  });

  it('would lose what was copied where the header is written before the tables', async () => {
    const { base, top, content } = chain();
    all.interpose(failing('l2_update', 5, 'writeback'));
    await prune();
    expect(backingFile(all.host.files, top)).toBe(base);
    expect(all.isContent(top, content)).toBe(false);
  });

  it('because the disk is full says so, and loses nothing', async () => {
    const { middle, top, content } = chain();
    all.interpose(failing('write_aio', 28));
    expect(await prune()).toMatchObject([{ outcome: 'failed', error: { code: 'ANYARCH_DISK_FULL' } }]);
    expect(backingFile(all.host.files, top)).toBe(middle);
    expect(all.isContent(top, content)).toBe(true);
  });

  it('because it is cancelled, at any time, loses nothing', async () => {
    const { middle, top, content } = chain();
    const ends: unknown[] = [];
    for (const afterMs of [0, 2, 4, 8, 12, 16, 24, 32, 48]) {
      const stop = new AbortController();
      const begun = join(all.directory, `begun-${afterMs}`);
      all.interpose(`[ "$1" != rebase ] || : >'${begun}'`);
      const stopping = (async () => {
        while (!existsSync(begun)) await sleep(1);
        await sleep(afterMs);
        stop.abort();
      })();
      const [end] = await Promise.allSettled([prune({ signal: stop.signal }), stopping]);
      if (end.status === 'rejected') ends.push(end.reason);
      expect(all.isContent(top, content)).toBe(true);
      if (backingFile(all.host.files, top) !== middle) break;
    }
    expect(ends[0]).toMatchObject({ code: 'ANYARCH_CANCELLED' });
    expect(new Set(ends.map((end) => (end as AnyarchError).code))).toEqual(new Set(['ANYARCH_CANCELLED']));
    all.interpose('');
    await prune();
    expect(all.layers()).toEqual(['top.qcow2']);
    expect(all.isContent(top, content)).toBe(true);
  });
});

describe('a snapshot whose layer has taken over others', () => {
  it('is what it was, with its memory', async () => {
    const places = all.machine('demo', all.layer('first', all.base()));
    const host = { ...all.host, log: fakeHost().log };
    const machine = { record: exampleRecord, places };
    const monitor = scriptedQemu({ host: host as never, places });
    const live = { monitor, running: { qemu, command } };
    const imageTool = [all.imageTool];
    const options = { imageTool, subject: 'demo', live };
    const one = await saveSnapshot(host, machine, { ...options, name: 'one' });
    all.scribble(activeDisk(host.files, places));
    const two = await saveSnapshot(host, machine, { ...options, name: 'two' });
    const content = all.content(two.layer);
    all.scribble(activeDisk(host.files, places));
    const now = all.content(activeDisk(host.files, places));
    expect(await prune()).toEqual([]);

    removeSnapshot(host, places, 'one');
    expect(await prune()).toMatchObject([{ path: two.layer, layers: [one.layer], outcome: 'merged' }]);
    expect(all.isContent(activeDisk(host.files, places), now)).toBe(true);
    restoreSnapshot(host, places, findSnapshot(host.files, machine, 'two'), { imageTool });
    const disk = activeDisk(host.files, places);
    expect(all.isContent(disk, content)).toBe(true);
    expect(all.chain(disk)).toHaveLength(3);
    expect(stateToResume(host, { name: 'demo' }, places, { qemu, command })?.memory).toEqual(two.memory);
    // It was saved, now that it was restored: its disk stays, and goes on to be the one that it was saved with.
    removeSnapshot(host, places, 'two');
    expect(await prune()).toMatchObject([{ outcome: 'kept', reason: 'demo was saved' }]);
    expect(stateToResume(host, { name: 'demo' }, places, { qemu, command })?.memory).toEqual(two.memory);
  });
});
