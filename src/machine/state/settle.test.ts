import { existsSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  command,
  keptMachine,
  qemu,
  scriptedQemu,
  type KeptMachine,
} from '../snapshot/testing/kept-machine.ts';
import { saveState } from './save-state.ts';
import { settle } from './settle.ts';

let kept: KeptMachine;

beforeEach(() => {
  kept = keptMachine();
});

afterEach(() => {
  kept.remove();
});

async function saveWhole(): Promise<void> {
  const machine = { places: kept.places, running: { qemu, command } };
  await saveState(kept.host, scriptedQemu(kept), machine, { subject: 'demo' });
}

describe('a QEMU that a killed command left', () => {
  it.each([
    ['standing still', { found: 'paused' }],
    ['standing still, with a migration under way', { found: 'paused', migration: 'active' }],
    ['with a migration at whose end it would stand still', { found: 'running', migration: 'active' }],
    ['standing still behind a migration', { found: 'postmigrate', migration: 'completed' }],
  ] as const)('%s lets its guest go on, for good', async (_, script) => {
    const monitor = scriptedQemu(kept, script);
    expect(await settle(kept.host, kept.places, monitor)).toBe(true);
    expect(monitor.status()).toBe('running');
    expect(await monitor.execute('query-migrate')).not.toMatchObject({ status: 'active' });
  });

  it('is not touched where its guest runs', async () => {
    const monitor = scriptedQemu(kept);
    expect(await settle(kept.host, kept.places, monitor)).toBe(true);
    expect(monitor.asked.filter((command) => !command.startsWith('query-'))).toEqual([]);
  });

  it('goes on without what was saved whole, which its disk moves on from', async () => {
    await saveWhole();
    const monitor = scriptedQemu(kept, { found: 'postmigrate', migration: 'completed' });
    const execute = monitor.execute.bind(monitor);
    const atCont: boolean[] = [];
    const watched = {
      execute: (command: string) => {
        if (command === 'cont') atCont.push(existsSync(kept.places.state));
        return execute(command);
      },
    };
    expect(await settle(kept.host, kept.places, watched)).toBe(true);
    expect(atCont).toEqual([false]);
    expect(monitor.status()).toBe('running');
    expect(kept.host.files.list(kept.places.directory).filter((name) => name.startsWith('state'))).toEqual(
      [],
    );
  });

  it.each(['inmigrate', 'paused'] as const)(
    'at %s has not begun to go on from its state, which stays',
    async (found) => {
      await saveWhole();
      const monitor = scriptedQemu(kept, { found });
      expect(await settle(kept.host, kept.places, monitor)).toBe(false);
      expect(monitor.status()).toBe(found);
      expect(existsSync(kept.places.state)).toBe(true);
    },
  );

  it('goes on where its state was put away already', async () => {
    await saveWhole();
    kept.host.files.rename(kept.places.state, `${kept.places.state}.used`);
    const monitor = scriptedQemu(kept, { found: 'paused' });
    expect(await settle(kept.host, kept.places, monitor)).toBe(true);
    expect(monitor.status()).toBe('running');
  });
});
