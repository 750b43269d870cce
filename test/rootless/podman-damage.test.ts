import { chmodSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run as runCommand } from '../support/command.ts';
import { containersUser } from '../support/engines/containers-user.ts';
import type { ContainersUser } from '../support/engines/containers-user.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const { arm64 } = guests;
const ran = { exitCode: 0, stdout: 'aarch64\n' };
const enable = ['rootless', 'enable', 'podman', '-a', 'arm64'];

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.podman, needs.testUser, needs.secondUser],
  'rootless podman where something of ours is damaged or lost',
  () => {
    let user: ContainersUser;
    let other: ContainersUser;
    let before: Map<string, string>;

    beforeAll(async () => {
      [user, other] = await Promise.all([containersUser([arm64]), containersUser([], 'anyarch-test2')]);
      before = user.listing();
      await user.anyarch(enable);
    });
    afterAll(async () => {
      await Promise.all([user.stop(), other.stop()]);
    });

    const run = () => user.podmanRun(arm64, ['uname', '-m']);

    describe('is kept from starting no container by a program of ours', () => {
      const program = () => join(user.home.environment['XDG_DATA_HOME'] ?? '', 'anyarch/rootless/anyarch');
      const damages: readonly (readonly [string, (path: string) => void])[] = [
        ['that is half a file', truncatedTo(20_000)],
        ['whose head is all that there is', truncatedTo(40)],
        ['of another CPU', replacedBy(otherCpu)],
        ['that starts what is not there any more', replacedBy(() => '#!/nowhere/node\n')],
        ['that fails', replacedBy(() => '#!/bin/sh\nexit 1\n')],
        [
          'that may not be executed',
          (path) => {
            chmodSync(path, 0o644);
          },
        ],
        ['that is gone', rmSync],
      ];

      test.each(damages)('%s, and enabling mends it', async (_what, happens) => {
        const files = [...user.listing().keys()];
        happens(program());
        // Its table is there from before.
        expect(await run()).toMatchObject(ran);
        const warned = await status();
        expect(warned.exitCode).toBe(3);
        expect(warned.json()).toMatchObject({
          warnings: [expect.stringMatching(/the program that hooks run .*next: anyarch rootless enable$/)],
        });
        expect((await user.anyarch(enable)).exitCode).toBe(0);
        expect((await status()).exitCode).toBe(0);
        // What is no program is not run as a script.
        expect([...user.listing().keys()]).toEqual(files);
      });

      function truncatedTo(size: number) {
        return (path: string): void => {
          truncateSync(path, size);
        };
      }

      function replacedBy(content: (path: string) => string | Uint8Array) {
        return (path: string): void => {
          writeFileSync(path, content(path));
        };
      }

      function otherCpu(path: string): Uint8Array {
        const bytes = readFileSync(path);
        // EM_68K, e_machine of the ELF header.
        bytes[18] = 4;
        return bytes;
      }
    });

    test('keeps the emulator that works when another one fails', async () => {
      const directory = temporaryDirectory('fake');
      const fake = join(directory, 'qemu-aarch64');
      const source =
        '#include <stdio.h>\nint main(void) { puts("qemu-aarch64 version 99.0.0"); return 0; }\n';
      const compiled = await runCommand(['gcc', '-static', '-x', 'c', '-o', fake, '-'], { input: source });
      expect(compiled.exitCode).toBe(0);
      const files = user.listing();
      const failed = await user.anyarch([...enable, '--no-fetch', '--qemu', fake]);
      expect(failed).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('"failed"') as string });
      expect(failed.json()).toMatchObject({ engines: [{ outcome: 'failed' }] });
      expect(user.listing()).toEqual(files);
      expect(await run()).toMatchObject(ran);
      await expectStatus({ table: 'private', warnings: [] });
      const first = await other.anyarch([...enable, '--no-fetch', '--qemu', fake]);
      expect(first).toMatchObject({ exitCode: 1 });
      expect([...other.listing().keys()].filter((path) => path.includes('anyarch'))).toEqual([]);
    });

    test('replaces damaged records, and tells of them', async () => {
      const state = join(user.home.environment['XDG_DATA_HOME'] ?? '', 'anyarch');
      writeFileSync(join(state, 'rootless-failure.json'), '[]');
      const warned = await status();
      expect(warned.exitCode).toBe(3);
      expect(warned.json()).toMatchObject({
        warnings: [expect.stringContaining('rootless-failure.json')],
        engines: [{ engine: 'podman', enabled: true }],
      });
      rmSync(join(state, 'rootless-failure.json'));
      for (const content of ['', 'junk']) {
        writeFileSync(join(state, 'rootless.json'), content);
        expect((await status()).exitCode).toBe(3);
        expect((await user.anyarch(enable)).exitCode).toBe(0);
        await expectStatus({ table: 'private', warnings: [] });
      }
    });

    test('is disabled without its record, and says what stays', async () => {
      const data = user.home.environment['XDG_DATA_HOME'] ?? '';
      expect((await user.anyarch(enable)).exitCode).toBe(0);
      const lost = join(data, 'anyarch');
      renameSync(lost, `${lost}-lost`);
      const found = await status();
      expect(found).toMatchObject({ exitCode: 3 });
      expect(found.json()).toMatchObject({ engines: [{ enabled: true }] });
      const disabled = await user.anyarch(['rootless', 'disable']);
      expect(disabled).toMatchObject({ exitCode: 3 });
      expect(disabled.json()).toMatchObject({
        engines: [
          { outcome: 'disabled', warnings: [expect.stringContaining('podman system migrate') as string] },
        ],
      });
      await migrate();
      expect((await run()).exitCode).not.toBe(0);
      rmSync(`${lost}-lost`, { recursive: true });
      expect([...user.listing().keys()].filter((path) => !before.has(path))).toEqual([]);
      expect((await status()).exitCode).toBe(0);
    });

    test('is disabled with its entries although the program is gone', async () => {
      expect((await user.anyarch(enable)).exitCode).toBe(0);
      rmSync(join(user.home.environment['XDG_DATA_HOME'] ?? '', 'anyarch/rootless/anyarch'));
      const disabled = await user.anyarch(['rootless', 'disable']);
      expect(disabled).toMatchObject({ exitCode: 0 });
      expect(disabled.json()).toMatchObject({ engines: [{ removed: ['qemu-aarch64'] }] });
      expect((await run()).exitCode).not.toBe(0);
    });

    test('says what stays where no login session leads to it', async () => {
      expect((await user.anyarch(enable)).exitCode).toBe(0);
      const disabled = await user.anyarch(['rootless', 'disable'], { XDG_RUNTIME_DIR: '' });
      expect(disabled).toMatchObject({ exitCode: 3 });
      expect(disabled.json()).toMatchObject({
        engines: [{ outcome: 'disabled', warnings: [expect.stringContaining('XDG_RUNTIME_DIR') as string] }],
      });
      expect(await run()).toMatchObject(ran);
      await migrate();
      expect((await run()).exitCode).not.toBe(0);
      expect([...user.listing().keys()].filter((path) => !before.has(path))).toEqual([]);
    });

    test('is enabled and disabled at once, many times over', async () => {
      const disable = ['rootless', 'disable', 'podman'];
      const commands = [enable, disable, enable, disable, enable, disable];
      const results = await Promise.all(commands.map((words) => user.anyarch(words)));
      expect(results.map(({ exitCode, stdout }) => [exitCode, stdout])).toEqual(
        results.map(({ stdout }) => [0, stdout]),
      );
      expect((await user.anyarch(['rootless', 'disable'])).exitCode).toBe(0);
      expect([...user.listing().keys()].filter((path) => !before.has(path))).toEqual([]);
    });

    function status() {
      return user.anyarch(['rootless', 'status', 'podman']);
    }

    async function expectStatus(expected: object): Promise<void> {
      const result = await status();
      expect(result.json()).toMatchObject({ engines: [{ engine: 'podman', enabled: true, ...expected }] });
      expect(result.exitCode).toBe(0);
    }

    async function migrate(): Promise<void> {
      expect((await user.as(['podman', 'system', 'migrate'])).exitCode).toBe(0);
    }
  },
);
