import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeDisk, collectLayers, createDisk, layersDirectory } from '../layers/index.ts';
import { backingFile } from '../layers/backing-file.ts';
import { readState } from '../state/read-state.ts';
import { statePlaces } from '../state/places.ts';
import { stateToResume } from '../state/resume-state.ts';
import { confirmState, saveState } from '../state/save-state.ts';
import { clearUnfinished } from './clear-unfinished.ts';
import { findSnapshot, listSnapshots } from './find-snapshot.ts';
import { removeSnapshot, restoreSnapshot } from './restore-snapshot.ts';
import { saveSnapshot, type SnapshotOptions } from './save-snapshot.ts';
import {
  command,
  diskBytes,
  emptyQcow2,
  imageTool,
  keptMachine,
  qemu,
  scriptedQemu,
  type KeptMachine,
} from './testing/kept-machine.ts';

let kept: KeptMachine;

beforeEach(() => {
  kept = keptMachine();
});

afterEach(() => {
  kept.remove();
});

const running = { qemu, command };

function save(name: string, options: Partial<SnapshotOptions> = {}) {
  return saveSnapshot(kept.host, kept.machine, { name, imageTool, subject: 'demo', ...options });
}

function layers(): string[] {
  return kept.host.files.list(layersDirectory(kept.host.system)).filter((name) => name.endsWith('.qcow2'));
}

function listSnapshotNames(): string[] {
  return kept.host.files.list(kept.places.snapshots);
}

describe('a snapshot of a running machine', () => {
  it('has its disk and its memory, and the machine goes on with another layer', async () => {
    const before = activeDisk(kept.host.files, kept.places);
    const monitor = scriptedQemu(kept);
    const snapshot = await save('one', { live: { monitor, running } });
    expect(snapshot).toMatchObject({ name: 'one', layer: before, diskBytes });
    expect(snapshot.memory?.words).toEqual(['-machine virt', '-cpu cortex-a57']);
    expect(monitor.status()).toBe('running');
    const now = activeDisk(kept.host.files, kept.places);
    expect(monitor.disk()).toBe(now);
    expect(now).not.toBe(before);
    expect(backingFile(kept.host.files, now)).toBe(before);
    expect(listSnapshots(kept.host.files, kept.places)).toEqual([snapshot]);
  });

  it('finds the layer that the one before it made', async () => {
    const monitor = scriptedQemu(kept);
    const one = await save('one', { live: { monitor, running } });
    const two = await save('two', { live: { monitor, running }, diskOnly: true });
    expect(backingFile(kept.host.files, two.layer)).toBe(one.layer);
    expect(two.memory).toBeUndefined();
  });

  it.each([
    [
      'no space is left for the memory',
      { failure: 'Unable to write: No space left on device' },
      'ANYARCH_DISK_FULL',
    ],
    ['QEMU cannot save a device', { failure: 'State blocked by device' }, 'ANYARCH_STATE_UNUSABLE'],
    ['QEMU does not begin to', { refuses: ['migrate'] }, 'ANYARCH_STATE_UNUSABLE'],
  ] as const)('leaves the machine running when %s', async (_, script, code) => {
    const monitor = scriptedQemu(kept, script);
    await expect(save('one', { live: { monitor, running } })).rejects.toMatchObject({ code });
    expect(monitor.status()).toBe('running');
    expect(monitor.disk()).toBe(activeDisk(kept.host.files, kept.places));
    expect(kept.host.files.list(kept.places.snapshots)).toEqual([]);
  });

  it.each(['blockdev-add', 'blockdev-snapshot'])(
    'leaves the disk as it was when %s is refused',
    async (refused) => {
      const before = activeDisk(kept.host.files, kept.places);
      const monitor = scriptedQemu(kept, { refuses: [refused] });
      await expect(save('one', { live: { monitor, running } })).rejects.toThrow('refused');
      expect(monitor.status()).toBe('running');
      expect(monitor.disk()).toBe(before);
      expect(activeDisk(kept.host.files, kept.places)).toBe(before);
      expect(layers()).toHaveLength(1);
    },
  );
});

describe('a QEMU that answers too late', () => {
  it.each(['stop', 'blockdev-add', 'blockdev-snapshot'])(
    'to %s loses nothing of what the guest writes, and does not stand still',
    async (command) => {
      const monitor = scriptedQemu(kept, { silent: [command] });
      await expect(save('one', { live: { monitor, running } })).rejects.toThrow('no answer');
      expect(monitor.status()).toBe('running');
      expect(monitor.disk()).toBe(activeDisk(kept.host.files, kept.places));
      expect(existsSync(monitor.disk())).toBe(true);
      expect(listSnapshots(kept.host.files, kept.places)).toEqual([]);
    },
  );

  it('is not left standing still where it was to be saved', async () => {
    const monitor = scriptedQemu(kept, { silent: ['stop'] });
    const saving = saveState(kept.host, monitor, { places: kept.places, running }, { subject: 'demo' });
    await expect(saving).rejects.toThrow('no answer');
    expect(monitor.status()).toBe('running');
  });
});

describe('a machine whose snapshot was killed', () => {
  /** As qemu-img makes them: with a table that says that nothing is in them. */
  function withTables(): void {
    kept.host.processes.on(['qemu-img', 'create'], (words) => {
      const below = words[words.indexOf('-b') + 1] ?? '';
      writeFileSync(words.at(-2) ?? '', emptyQcow2(below, Number(words.at(-1))), { flag: 'wx' });
      return {};
    });
  }

  it('before QEMU knew of the new layer can be kept again', async () => {
    withTables();
    const monitor = scriptedQemu(kept);
    const before = activeDisk(kept.host.files, kept.places);
    const unknown = createDisk(kept.host, kept.places, {
      imageTool,
      backing: { file: before, format: 'qcow2' },
      bytes: diskBytes,
    });
    const snapshot = await save('one', { live: { monitor, running } });
    expect(snapshot.layer).toBe(before);
    expect(monitor.disk()).toBe(activeDisk(kept.host.files, kept.places));
    expect(existsSync(unknown)).toBe(false);
  });

  it('is not where anything was written to a layer that QEMU does not know', async () => {
    const monitor = scriptedQemu(kept);
    const backing = { file: activeDisk(kept.host.files, kept.places), format: 'qcow2' } as const;
    const unknown = createDisk(kept.host, kept.places, { imageTool, backing, bytes: diskBytes });
    await expect(save('one', { live: { monitor, running } })).rejects.toThrow('does not write to');
    expect(activeDisk(kept.host.files, kept.places)).toBe(unknown);
    expect(monitor.status()).toBe('running');
  });

  it('between its new layer and its state goes on from that', async () => {
    withTables();
    await saveState(kept.host, scriptedQemu(kept), { places: kept.places, running }, { subject: 'demo' });
    confirmState(kept.host, kept.places);
    const backing = { file: activeDisk(kept.host.files, kept.places), format: 'qcow2' } as const;
    createDisk(kept.host, kept.places, { imageTool, backing, bytes: diskBytes });
    expect(stateToResume(kept.host, { name: 'demo' }, kept.places, running)).toBeDefined();
    // The negative twins: what is below, or above, has been written to since.
    writeFileSync(backing.file, 'x', { flag: 'a' });
    expect(stateToResume(kept.host, { name: 'demo' }, kept.places, running)).toBeUndefined();
  });

  it('between its new layer and its state boots where the layer was written to', async () => {
    await saveState(kept.host, scriptedQemu(kept), { places: kept.places, running }, { subject: 'demo' });
    confirmState(kept.host, kept.places);
    const backing = { file: activeDisk(kept.host.files, kept.places), format: 'qcow2' } as const;
    createDisk(kept.host, kept.places, { imageTool, backing, bytes: diskBytes });
    expect(stateToResume(kept.host, { name: 'demo' }, kept.places, running)).toBeUndefined();
  });
});

describe('a snapshot of a stopped machine', () => {
  it('has what its next start goes on with, and leaves it', async () => {
    await saveState(kept.host, scriptedQemu(kept), { places: kept.places, running }, { subject: 'demo' });
    confirmState(kept.host, kept.places);
    const snapshot = await save('one');
    expect(snapshot.memory).toMatchObject({ qemu });
    expect(stateToResume(kept.host, { name: 'demo' }, kept.places, running)).toBeDefined();
  });

  it('has the disk only where the state is of another disk', async () => {
    await saveState(kept.host, scriptedQemu(kept), { places: kept.places, running }, { subject: 'demo' });
    writeFileSync(activeDisk(kept.host.files, kept.places), 'x', { flag: 'a' });
    expect((await save('one')).memory).toBeUndefined();
    expect(stateToResume(kept.host, { name: 'demo' }, kept.places, running)).toBeUndefined();
  });

  it('does not make its disk deeper than what has been written makes it', async () => {
    kept.host.processes.on(['qemu-img', 'create'], (words) => {
      const below = words[words.indexOf('-b') + 1] ?? '';
      writeFileSync(words.at(-2) ?? '', emptyQcow2(below, Number(words.at(-1))), { flag: 'wx' });
      return {};
    });
    const one = await save('one');
    const disk = activeDisk(kept.host.files, kept.places);
    const two = await save('two');
    expect(two.layer).toBe(one.layer);
    expect(activeDisk(kept.host.files, kept.places)).toBe(disk);
    restoreSnapshot(kept.host, kept.places, two, { imageTool });
    expect(layers()).toHaveLength(2);

    const written = activeDisk(kept.host.files, kept.places);
    const content = readFileSync(written);
    content.writeBigUInt64BE(65_536n, 4104);
    writeFileSync(written, content);
    const three = await save('three');
    expect(three.layer).toBe(written);
    expect(activeDisk(kept.host.files, kept.places)).not.toBe(written);
  });

  it('is refused where there is one, and where it cannot be a name', async () => {
    await save('one');
    await expect(save('one')).rejects.toMatchObject({ code: 'ANYARCH_MACHINE_EXISTS' });
    await expect(save('../one')).rejects.toMatchObject({ code: 'ANYARCH_USAGE' });
    expect(layers()).toHaveLength(2);
  });

  it('is not made without a disk to make it of', async () => {
    kept.host.processes.on(['qemu-img', 'create'], {
      exitCode: 1,
      stderr: 'qemu-img: No space left on device',
    });
    const before = activeDisk(kept.host.files, kept.places);
    await expect(save('one')).rejects.toMatchObject({ code: 'ANYARCH_DISK_FULL' });
    expect(activeDisk(kept.host.files, kept.places)).toBe(before);
    expect(listSnapshots(kept.host.files, kept.places)).toEqual([]);
  });
});

describe('a machine that is put back', () => {
  it('goes on from the snapshot, as often as one likes, and never from what was saved since', async () => {
    const monitor = scriptedQemu(kept);
    const snapshot = await save('one', { live: { monitor, running } });
    writeFileSync(kept.places.variables, 'changed');
    await saveState(kept.host, monitor, { places: kept.places, running }, { subject: 'demo' });
    for (let times = 0; times < 2; times += 1) {
      restoreSnapshot(kept.host, kept.places, snapshot, { imageTool });
      const disk = activeDisk(kept.host.files, kept.places);
      expect(backingFile(kept.host.files, disk)).toBe(snapshot.layer);
      const state = stateToResume(kept.host, { name: 'demo' }, kept.places, running);
      expect(state?.memory).toEqual(snapshot.memory);
      expect(readFileSync(kept.places.variables, 'utf8')).toBe('variables');
      // The frozen one and the one that is written to: what was written in between is gone.
      expect(layers()).toHaveLength(2);
    }
  });

  it('boots from one without memory', async () => {
    const monitor = scriptedQemu(kept);
    const snapshot = await save('one', { live: { monitor, running }, diskOnly: true });
    await saveState(kept.host, monitor, { places: kept.places, running }, { subject: 'demo' });
    restoreSnapshot(kept.host, kept.places, snapshot, { imageTool });
    expect(readState(kept.host.files, statePlaces(kept.places))).toBeUndefined();
  });
});

describe('layers', () => {
  it('stay as long as a machine or a snapshot needs them', async () => {
    const one = await save('one');
    const two = await save('two');
    restoreSnapshot(kept.host, kept.places, one, { imageTool });
    expect(existsSync(two.layer)).toBe(true);
    removeSnapshot(kept.host, kept.places, 'two');
    expect(existsSync(two.layer)).toBe(false);
    removeSnapshot(kept.host, kept.places, 'one');
    expect(existsSync(one.layer)).toBe(true);
    kept.host.files.remove(kept.places.directory);
    expect(collectLayers(kept.host).toSorted()).toHaveLength(2);
    expect(layers()).toEqual([]);
  });

  it('all stay where a snapshot does not tell what it needs', async () => {
    const { layer } = await save('one');
    writeFileSync(`${kept.places.snapshots}/one/snapshot.json`, '{');
    kept.host.files.remove(kept.places.disk);
    expect(() => collectLayers(kept.host)).toThrowWithCode('ANYARCH_STATE_INVALID');
    expect(existsSync(layer)).toBe(true);
  });

  it('all stay, and nothing else fails, where a snapshot of any machine is damaged', async () => {
    const [one, two] = [await save('one'), await save('two')];
    writeFileSync(`${kept.places.snapshots}/two/snapshot.json`, '{');
    restoreSnapshot(kept.host, kept.places, one, { imageTool });
    removeSnapshot(kept.host, kept.places, 'one');
    expect(listSnapshotNames()).toEqual(['two']);
    expect([one, two].map(({ layer }) => existsSync(layer))).toEqual([true, true]);
    const said = kept.host.log.messages.filter(({ level }) => level === 'warn');
    expect(said.at(-1)?.message).toMatch(/two\/snapshot.json is damaged.*rm -r/);
  });
});

describe('a snapshot of a command that was killed', () => {
  it('is cleared away with what only it needed', async () => {
    const { layer } = await save('one');
    const { snapshots } = kept.places;
    kept.host.files.rename(`${snapshots}/one`, `${snapshots}/.one`);
    await save('copied', { isPassing: true });
    expect(listSnapshots(kept.host.files, kept.places)).toEqual([]);
    expect(listSnapshotNames().toSorted()).toEqual(['.copied', '.one']);
    expect(collectLayers(kept.host)).toEqual([]);

    expect(clearUnfinished(kept.host.files, kept.places)).toBe(true);
    expect(listSnapshotNames()).toEqual([]);
    kept.host.files.remove(kept.places.disk);
    expect(collectLayers(kept.host)).toContain(layer);
    expect(clearUnfinished(kept.host.files, kept.places)).toBe(false);
  });

  it('leaves those that were finished', async () => {
    await save('one');
    expect(clearUnfinished(kept.host.files, kept.places)).toBe(false);
    expect(listSnapshotNames()).toEqual(['one']);
  });
});

describe('a snapshot that is asked for', () => {
  it('is there, or those that are are named', async () => {
    await save('one');
    expect(findSnapshot(kept.host.files, kept.machine, 'one').name).toBe('one');
    expect(() => findSnapshot(kept.host.files, kept.machine, 'two')).toThrowWithCode(
      'ANYARCH_MACHINE_NOT_FOUND',
    );
  });
});
