import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../support/command.ts';
import { anyarch } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const built = {
  missing: () =>
    existsSync(join(repository, 'build/interposer/x86_64.bin'))
      ? undefined
      : 'needs npm run build:entrypoint',
};

interface Reported {
  readonly architecture: string;
  readonly action: string;
  readonly emulator: { readonly path: string; readonly sha256: string; readonly interposed?: object };
}

describeWith(
  [needs.root, needs.qemu, needs.hostTable, built],
  'interposed emulators in the host table',
  () => {
    const table = useHostTable();
    const home = temporaryDirectory('home');
    const guest = join(repository, 'build/guests/aarch64/fixed');
    const cli = (...words: string[]) => anyarch(words, { home, environment: { ANYARCH_PLAIN: '0' } });
    const registered = async (...words: string[]): Promise<Reported> => {
      const { json, exitCode, stderr } = await cli('register', 'arm64', '--json', ...words);
      expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
      const [result] = (json() as { results: [Reported] }).results;
      return result;
    };
    const shown = async () => {
      const { json } = await cli('status', '--probe', '--json');
      return (json() as { entries: { name: string; emulator: object; proof: object }[] }).entries.find(
        ({ name }) => name === 'qemu-aarch64',
      );
    };

    test('are registered by default, with both digests in ledger and status', async () => {
      const { action, emulator } = await registered();
      expect(action).toBe('add');
      const digest = expect.stringMatching(/^[0-9a-f]{64}$/) as string;
      expect(emulator.interposed).toEqual({
        originalSha256: digest,
        interposerSha256: digest,
        arguments: [],
      });
      expect(await shown()).toMatchObject({
        owner: { kind: 'anyarch' },
        emulator: { sha256: emulator.sha256, interposed: emulator.interposed, version: '11.1.3' },
        proof: { status: 'proven' },
      });
      const ledger = JSON.parse(readFileSync(join(home, 'registrations.json'), 'utf8')) as object;
      expect(ledger).toMatchObject({ registrations: [{ emulator: { interposed: emulator.interposed } }] });
      expect(await run([guest, 'exit', '7'])).toMatchObject({ exitCode: 7 });
      expect((await cli('explain', guest, '--json')).json()).toMatchObject({
        interposed: emulator.interposed,
      });
      // Registered already.
      expect((await registered()).action).toBe('keep');
    });

    test('make way for the original on demand, and come back', async () => {
      const { path } = (await registered()).emulator;
      const plain = await registered('--plain');
      expect(plain.action).toBe('replace');
      expect(plain.emulator.interposed).toBeUndefined();
      expect(plain.emulator.path).toBe(join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-aarch64'));
      expect((await shown())?.emulator).not.toHaveProperty('interposed');
      expect(await run([guest, 'exit', '8'])).toMatchObject({ exitCode: 8 });
      const back = await registered();
      expect(back).toMatchObject({ action: 'replace', emulator: { path } });
      expect(await run([guest, 'exit', '9'])).toMatchObject({ exitCode: 9 });
    });

    test('are kept up by watch as they are', async () => {
      const watched = await cli('watch', '--once', '--json');
      expect(watched.exitCode).toBe(0);
      expect((await registered()).action).toBe('keep');
      await cli('watch', '--once', '--json');
      expect((await shown())?.emulator).toHaveProperty('interposed');
    });

    test('go with unregister', async () => {
      expect(readdirSync(join(home, 'interposed'))).toContain('aarch64.json');
      expect(await cli('unregister', 'arm64')).toMatchObject({ exitCode: 0 });
      table.expectUnchanged();
      expect(await run([guest, 'exit', '9'])).not.toMatchObject({ exitCode: 9 });
    });
  },
);
