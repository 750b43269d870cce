import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { findArchitecture } from '../../src/core/architecture.ts';
import { formatRule, type Rule } from '../../src/core/rule.ts';
import { succeed } from '../support/command.ts';
import { anyarch } from '../support/engines/cli.ts';
import { startDocker } from '../support/engines/docker.ts';
import { engineCommand, useEngine } from '../support/engines/engine.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';
import { busyboxImage } from '../support/fixtures/images.ts';
import { qemuBinary } from '../support/fixtures/qemu.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const guest = guests.arm64;

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.docker],
  'an emulator upgraded while a container runs',
  () => {
    const table = useHostTable();
    const engine = useEngine(startDocker, [guest]);
    const home = temporaryDirectory('home');

    test('no program fails to start meanwhile, and new ones run under the new version', async () => {
      const [older, newer] = [await qemuBinary('10.0', guest.qemu), await qemuBinary('11.1', guest.qemu)];
      expect(await register(older)).toMatchObject({ exitCode: 0 });
      const container = await startExecutingForever();
      try {
        await untilExecuted(container, 5);
        expect(await emulatorOf(container, 'loop')).toBe(older);

        for (const emulator of [newer, older, newer])
          expect(await register(emulator)).toMatchObject({ exitCode: 0 });

        const executed = await executions(container);
        await untilExecuted(container, executed.length + 5);
        expect((await executions(container)).filter((line) => line !== guest.machine)).toEqual([]);
        // The shell that loops was started by the old emulator and keeps it; programs started now have the new one.
        expect(await emulatorOf(container, 'loop')).toBe(older);
        await succeed([...engine.client, 'exec', '--detach', container, 'sleep', '600']);
        expect(await emulatorOf(container, 'sleep 600')).toBe(newer);
        const status = await anyarch(['status', '--json'], { home });
        expect(status.stdout).toContain(newer);
        expect(status.stdout).not.toContain(older);

        // The negative twin: the loop does notice when nothing is registered.
        expect(await anyarch(['unregister', guest.platform], { home })).toMatchObject({ exitCode: 0 });
        table.expectUnchanged();
        await untilExecuted(container, (await executions(container)).length + 5);
        expect((await executions(container)).at(-1)).not.toBe(guest.machine);
      } finally {
        await engineCommand(engine, ['rm', '--force', container]);
      }
    });

    test('neither does one while an entry of others is taken over and given back', async () => {
      const [older, newer] = [await qemuBinary('10.0', guest.qemu), await qemuBinary('11.1', guest.qemu)];
      const { name, magic, mask, ...architecture } = findArchitecture(guest.platform);
      const entry = `qemu-${name}`;
      const flags = { fixBinary: true, openBinary: true, credentials: false, preserveArgv0: true };
      const rule: Rule = {
        ...architecture,
        name: entry,
        kind: 'magic',
        magic,
        mask,
        interpreter: older,
        flags,
      };
      table.register(Buffer.from(formatRule(rule)).toString('latin1'));
      const theirs = table.state().entries.get(entry);
      const container = await startExecutingForever();
      try {
        await untilExecuted(container, 5);
        for (let round = 0; round < 3; round += 1) {
          expect(await register(newer, '--adopt', entry)).toMatchObject({ exitCode: 0 });
          expect(table.state().entries.get(entry)).toContain(newer);
          const status = await anyarch(['status'], { home });
          expect(status.stdout).toContain(`anyarch release ${entry}`);
          expect(await anyarch(['release', entry], { home })).toMatchObject({ exitCode: 0 });
          expect(table.state().entries.get(entry)).toBe(theirs);
        }
        const again = await anyarch(['release', entry, '--json'], { home });
        expect(again.exitCode).toBe(1);
        expect(again.json()).toMatchObject({ results: [{ error: { code: 'ANYARCH_NOT_ADOPTED' } }] });
        const executed = await executions(container);
        await untilExecuted(container, executed.length + 5);
        expect((await executions(container)).filter((line) => line !== guest.machine)).toEqual([]);
      } finally {
        table.remove(entry);
        await engineCommand(engine, ['rm', '--force', container]);
      }
      table.expectUnchanged();
    });

    function register(emulator: string, ...words: string[]): ReturnType<typeof anyarch> {
      return anyarch(['register', guest.platform, '--qemu', emulator, ...words], { home });
    }

    /** The shell says `failed` itself when it cannot start a program. */
    async function startExecutingForever(): Promise<string> {
      const { reference } = await busyboxImage(guest);
      const script = ': loop; while true; do /bin/busybox uname -m || echo failed; done 2>&1';
      const options = ['--detach', '--rm', '--network', 'none', '--platform', guest.platform];
      const started = await succeed([...engine.client, 'run', ...options, reference, 'sh', '-c', script]);
      return started.stdout.trim();
    }

    async function executions(container: string): Promise<string[]> {
      const logs = await succeed([...engine.client, 'logs', container]);
      return logs.stdout.split('\n').slice(0, -1);
    }

    async function untilExecuted(container: string, times: number): Promise<void> {
      while ((await executions(container)).length < times) await sleep(50);
    }

    /** The path of the emulator that runs the container's process with these words in its command line. */
    async function emulatorOf(container: string, words: string): Promise<string> {
      const listed = await succeed([...engine.client, 'top', container, '-eo', 'pid,args']);
      const line = listed.stdout.split('\n').find((candidate) => candidate.includes(words));
      const pid = line?.trim().split(/\s+/)[0];
      if (pid === undefined) throw new Error(`no process with ${words} in\n${listed.stdout}`);
      const link = await succeed(['readlink', `/proc/${pid}/exe`]);
      return link.stdout.trim();
    }
  },
);
