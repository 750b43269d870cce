import { existsSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { activeDisk } from '../layers/index.ts';
import {
  command,
  keptMachine,
  qemu,
  scriptedQemu,
  type KeptMachine,
} from '../snapshot/testing/kept-machine.ts';
import { setGuestClock } from './guest-clock.ts';
import { firstDifference, machineWords } from './machine-words.ts';
import { statePlaces } from './places.ts';
import { dropState, resumeState, stateToResume } from './resume-state.ts';
import { confirmState, saveState } from './save-state.ts';

let kept: KeptMachine;

beforeEach(() => {
  kept = keptMachine();
});

afterEach(() => {
  kept.remove();
});

const planned = { qemu, command };
const subject = { subject: 'demo' };

async function saved(): Promise<void> {
  await saveState(kept.host, scriptedQemu(kept), { places: kept.places, running: planned }, subject);
}

function toResume(change: Partial<typeof planned> = {}) {
  return stateToResume(kept.host, { name: 'demo' }, kept.places, { ...planned, ...change });
}

function warnings(): string[] {
  return kept.host.log.messages.filter(({ level }) => level === 'warn').map(({ message }) => message);
}

describe('a saved state', () => {
  it('is gone on with once', async () => {
    await saved();
    expect(toResume()).toBeDefined();
    const monitor = scriptedQemu(kept);
    await resumeState(kept.host, monitor, kept.places, subject);
    expect(monitor.asked.at(-1)).toBe('cont');
    expect(toResume()).toBeUndefined();
    expect(existsSync(kept.places.state)).toBe(false);
    expect(warnings()).toEqual([]);
  });

  it('is used up when anyarch ends before the guest has its first instruction', async () => {
    await saved();
    const monitor = scriptedQemu(kept, { silent: ['cont'] });
    await expect(resumeState(kept.host, monitor, kept.places, subject)).rejects.toThrow('no answer');
    expect(toResume()).toBeUndefined();
    expect(existsSync(statePlaces(kept.places).used)).toBe(false);
  });

  it('is still there when QEMU refuses to let the guest run', async () => {
    await saved();
    const monitor = scriptedQemu(kept, { refuses: ['cont'] });
    await expect(resumeState(kept.host, monitor, kept.places, subject)).rejects.toThrow('refused');
    expect(toResume()).toBeDefined();
    expect(warnings()).toEqual([]);
  });

  it('is still there when its memory cannot be read', async () => {
    await saved();
    const monitor = scriptedQemu(kept, { refuses: ['migrate-incoming'] });
    await expect(resumeState(kept.host, monitor, kept.places, subject)).rejects.toThrow('refused');
    expect(toResume()).toBeDefined();
  });

  it('is dropped, and said so, once somebody has written to the disk', async () => {
    await saved();
    const disk = activeDisk(kept.host.files, kept.places);
    const { atime, mtimeMs } = statSync(disk);
    utimesSync(disk, atime, new Date(mtimeMs + 1000));
    expect(toResume()).toBeUndefined();
    expect(warnings()).toEqual([expect.stringContaining('the disk has been written to')]);
    expect(existsSync(kept.places.state)).toBe(false);
  });

  it('holds what QEMU wrote while it closed the disk', async () => {
    await saved();
    writeFileSync(activeDisk(kept.host.files, kept.places), 'x', { flag: 'a' });
    confirmState(kept.host, kept.places);
    expect(toResume()).toBeDefined();
  });

  it.each([
    ['memory is not whole', 'memory', 'mem'],
    ['document is not', 'state.json', '{"schema":'],
    ['document is of another kind', 'state.json', '{"schema":"anyarch/machine-state/2"}'],
  ])('is dropped where its %s', async (_, name, content) => {
    await saved();
    writeFileSync(`${kept.places.state}/${name}`, content);
    expect(toResume()).toBeUndefined();
    expect(warnings()).toEqual([expect.stringContaining('damaged')]);
  });

  it('waits for the QEMU that it is of', async () => {
    await saved();
    const other = { version: '10.1.0', sha256: 'e'.repeat(64) };
    expect(() => toResume({ qemu: other })).toThrowWithCode('ANYARCH_STATE_UNUSABLE');
    expect(() => toResume({ qemu: { ...qemu, sha256: other.sha256 } })).toThrow(
      /--cold|saved by QEMU 10.0.13/,
    );
    expect(toResume()).toBeDefined();
  });

  it('waits for the machine that it is of', async () => {
    await saved();
    const more = command.map((word) => (word === 'cortex-a57' ? 'max' : word));
    expect(() => toResume({ command: more })).toThrow('"-cpu cortex-a57" is "-cpu max" now');
    expect(toResume({ command: [...command, '-S', '-incoming', 'defer'] })).toBeDefined();
  });

  it('can be given up', async () => {
    await saved();
    dropState(kept.host, kept.places);
    expect(toResume()).toBeUndefined();
    expect(warnings()).toEqual([]);
  });

  it('that cannot be written leaves the guest running, and an earlier one', async () => {
    await saved();
    const monitor = scriptedQemu(kept, { failure: 'No space left on device' });
    const running = { places: kept.places, running: planned };
    await expect(saveState(kept.host, monitor, running, subject)).rejects.toMatchObject({
      code: 'ANYARCH_DISK_FULL',
    });
    expect(monitor.status()).toBe('running');
    expect(existsSync(statePlaces(kept.places).unfinished)).toBe(false);
    expect(toResume()).toBeDefined();
  });
});

describe('what makes a machine', () => {
  const words = [
    '/state/lib/ld-linux-x86-64.so.2', '--library-path', '/state/lib', '--argv0', 'qemu', '/state/bin/qemu',
    '-L', '/state/share', '-no-user-config', '-nodefaults', '-machine', 'virt', '-m', '1024M',
    '-blockdev', '{"filename":"/a"}', '-device', 'virtio-blk-pci,drive=disk',
    '-netdev', 'user,id=net0,hostfwd=tcp:127.0.0.1:2222-:22', '-device', 'virtio-net-pci,netdev=net0,mac=52:54:00:00:00:01',
  ]; // prettier-ignore

  it('is not where its files are and which ports lead to it', () => {
    expect(machineWords(words)).toEqual([
      '-no-user-config',
      '-nodefaults',
      '-machine virt',
      '-m 1024M',
      '-device virtio-blk-pci,drive=disk',
      '-device virtio-net-pci,netdev=net0',
    ]);
  });

  it('is every device, in its order', () => {
    const one = machineWords(words);
    expect(firstDifference(one, machineWords(words))).toBeUndefined();
    expect(firstDifference(one, machineWords([...words, '-device', 'usb-net']))).toBe(
      '"-device usb-net" has come',
    );
    expect(firstDifference(one, one.slice(0, -1))).toContain('has gone');
  });
});

describe("a guest's clock", () => {
  it('is set to the time at which the guest asks for it', async () => {
    let now = 1_000_000;
    const clock = { now: () => now };
    const answers: string[] = [];
    const late = await setGuestClock(
      (words, answer) => {
        expect(words.slice(0, 4)).toEqual(['sudo', '-n', 'sh', '-c']);
        // What it took to log in and become root.
        now += 3_000;
        answers.push(answer('400.5'));
        return Promise.resolve({ exitCode: 0 });
      },
      'debian',
      clock,
    );
    expect(late).toBe(602_500);
    expect(answers).toEqual(['1003.000\n']);
  });

  it('is set without sudo by root', async () => {
    const asked: (readonly string[])[] = [];
    await setGuestClock((words) => (asked.push(words), Promise.resolve({ exitCode: 0 })), 'root', {
      now: () => 1,
    });
    expect(asked[0]?.[0]).toBe('sh');
  });

  it('stays where nobody may set it', async () => {
    const clock = { now: () => 1 };
    expect(await setGuestClock(() => Promise.resolve({ exitCode: 1 }), 'debian', clock)).toBeUndefined();
    const garbage = await setGuestClock(
      (_, answer) => Promise.resolve({ exitCode: answer('+%s.%N') === '' ? 1 : 0 }),
      'debian',
      clock,
    );
    expect(garbage).toBeUndefined();
  });
});
