import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import {
  allEntries,
  allWith,
  describeImage,
  expectRuns,
  flagsIn,
  loadAnyarch,
} from '../support/engines/image-suite.ts';
import { guests } from '../support/fixtures/guests.ts';
import { busyboxImage } from '../support/fixtures/images.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const reset = ['run', '--rm', '--privileged', 'anyarch', '--reset', '-p', 'yes'];

describeImage('how long registrations live', (suite) => {
  const { run, table } = suite;

  describe('killed in the middle', () => {
    /** Everything that may stand in the table at any time: what the image registers, whole. */
    const expectWhole = (expected: ReadonlyMap<string, string>): void => {
      for (const [name, text] of table.state().entries) {
        const target = /^(?:qemu|anyarch)-([a-z0-9_]+?)(?:-next)?$/.exec(name)?.[1];
        expect({ name, text }).toEqual({ name, text: expected.get(`qemu-${String(target)}`) });
      }
    };

    test('no half of an entry at any moment, programs run on, and the next run leaves nothing of it', async () => {
      expect(await run(reset)).toMatchObject({ exitCode: 0 });
      const whole = table.state().entries;
      expect([...whole.keys()].sort()).toEqual([...allEntries]);
      const exitCodes: string[] = [];
      for (const delay of [0, 10, 20, 30, 40, 60]) {
        const name = `killed-${delay}`;
        const words = ['run', '--detach', '--privileged', '--name', name, 'anyarch', '--reset', '-p', 'yes'];
        const started = await run(words);
        expect(started.exitCode).toBe(0);
        await sleep(delay);
        // It may have ended by itself meanwhile.
        await run(['kill', '--signal', 'KILL', name]);
        exitCodes.push((await run(['wait', name])).stdout.trim());
        expectWhole(whole);
        await expectRuns(suite, guests.arm64);
        await run(['rm', '--force', name]);
      }
      // Some were really killed, by 128 + SIGKILL.

      expect(exitCodes).toContain('137');
      expect(await run(reset)).toMatchObject({ exitCode: 0 });
      expect(new Map(table.state().entries)).toEqual(new Map(whole));
    });

    test('killed while it registers for the first time: the next run completes it', async () => {
      for (const delay of [0, 40]) {
        expect(await run(['run', '--rm', '--privileged', 'anyarch', 'unregister'])).toMatchObject({
          exitCode: 0,
        });
        const words = [
          'run',
          '--detach',
          '--privileged',
          '--name',
          'first',
          'anyarch',
          '--reset',
          '-p',
          'yes',
        ];
        expect(await run(words)).toMatchObject({ exitCode: 0 });
        await sleep(delay);
        await run(['kill', '--signal', 'KILL', 'first']);
        await run(['rm', '--force', 'first']);
        expect(await run(reset)).toMatchObject({ exitCode: 0 });
        expect(flagsIn(suite)).toEqual(allWith('F'));
      }
    });
  });

  test('replaced without a gap: a container that starts programs all the time notices nothing', async () => {
    const { reference } = await busyboxImage(guests.arm64);
    const directory = temporaryDirectory('output');
    const script = 'while true; do /bin/busybox uname -m || echo failed; done > /output/lines 2>&1';
    const options = ['--detach', '--rm', '--network', 'none', '--platform', 'linux/arm64'];
    const volume = ['--volume', `${directory}:/output`];
    const started = await run(['run', ...options, ...volume, reference, 'sh', '-c', script]);
    expect(started.exitCode).toBe(0);
    const container = started.stdout.trim();
    const printed = () => readFileSync(join(directory, 'lines'), 'utf8').split('\n').slice(0, -1);
    const untilPrinted = async (count: number) => {
      while (printed().length < count) await sleep(20);
      return printed();
    };
    try {
      await sleep(200);
      await untilPrinted(5);
      for (let round = 0; round < 4; round += 1) expect(await run(reset)).toMatchObject({ exitCode: 0 });
      const lines = await untilPrinted(printed().length + 5);
      expect(lines.length).toBeGreaterThan(20);
      expect(lines.filter((line) => line !== 'aarch64')).toEqual([]);
      // The negative twin: it does notice when nothing is registered.
      await run(['run', '--rm', '--privileged', 'anyarch', 'unregister']);
      const after = await untilPrinted(printed().length + 5);
      expect(after.at(-1)).not.toBe('aarch64');
    } finally {
      await run(['kill', container]);
    }
  });

  test('survives the removal of the image', async () => {
    expect(await run(reset)).toMatchObject({ exitCode: 0 });
    const tags = ['latest', 'register', 'binfmt', 'qus', 'aarch64', 'x86_64-aarch64'];
    const removed = await run(['rmi', '--force', ...tags.map((tag) => `anyarch:${tag}`)]);
    expect(removed.exitCode).toBe(0);
    const listed = await run(['images', '--quiet', 'anyarch']);
    expect(listed.stdout).toBe('');
    expect(flagsIn(suite)).toEqual(allWith('F'));
    await expectRuns(suite, guests.arm64);
    await expectRuns(suite, guests.s390x);
    await loadAnyarch(suite.engine);
  });
});
