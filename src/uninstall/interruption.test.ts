import { beforeEach, describe, expect, test } from 'vitest';
import type { FakeHost } from '../host/testing/index.ts';
import { sha, state, uninstallMachine, type UninstallMachine } from './testing/uninstall-machine.ts';
import { uninstall } from './uninstall.ts';

let at: UninstallMachine;
beforeEach(() => {
  at = uninstallMachine();
});

describe('killed', () => {
  class Killed extends Error {}

  /** A at.host that is dead from its nth change on: even what would tidy up does not run any more. */
  function dyingAt(count: number): FakeHost {
    let left = count;
    const dying = <Part extends object>(part: Part, methods: readonly string[]): Part =>
      new Proxy(part, {
        get: (target, name) => {
          const value: unknown = Reflect.get(target, name);
          if (typeof value !== 'function' || !methods.includes(String(name))) return value;
          return (...args: unknown[]): unknown => {
            left -= 1;
            if (left < 0) throw new Killed();
            return Reflect.apply(value, target, args) as unknown;
          };
        },
      });
    const changing = [
      'remove',
      'removeDirectory',
      'writeAtomic',
      'writeOnce',
      'writeLink',
      'rename',
      'createExclusive',
    ];
    const { host } = at;
    return {
      ...host,
      files: dying(at.host.files, [...changing, 'createHeld', 'createFleeting', 'makeDirectory']),
      binfmt: { ...host.binfmt, table: () => dying(at.host.binfmt.table(), ['control', 'register']) },
    };
  }

  test('at any change, another call finishes', async () => {
    let isDone = false;
    let count = 0;
    for (; !isDone; count += 1) {
      at = uninstallMachine();
      const before = at.tree();
      at.addEverything();
      at.install();
      at.addEntry(`:qemu-s390x:M::abcd::${state}/store/sha256/${sha}/qemu-s390x:`);
      const dying = uninstall(dyingAt(count), { workingDirectory: '/' });
      isDone = await dying.then(
        () => true,
        (error: unknown) => {
          if (!(error instanceof Killed)) throw error;
          return false;
        },
      );
      // Another process: the lock's holder is gone.
      at.host.files.addFile('/proc/self/stat', `101 (node) S ${'1 '.repeat(18)}6000 0\n`);
      at.host.files.remove('/proc/100/stat');
      const again = await uninstall(
        { ...at.host, system: { ...at.host.system, pid: 101 } },
        { workingDirectory: '/' },
      );
      expect({ count, left: again.left }).toEqual({ count, left: [] });
      expect(at.tree()).toEqual(before);
      expect(at.entries().size).toBe(0);
    }
    expect(count).toBeGreaterThan(60);
    // So many machines are made, used and cleared.
  }, 30_000);
});
