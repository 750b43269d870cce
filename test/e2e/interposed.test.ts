import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run } from '../support/command.ts';
import { anyarch, executable } from '../support/engines/cli.ts';
import { containersUser, type ContainersUser } from '../support/engines/containers-user.ts';
import { startDocker } from '../support/engines/docker.ts';
import { runGuest, useEngine } from '../support/engines/engine.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { guests } from '../support/fixtures/guests.ts';
import { openPrivatePlace } from '../support/persistence/private-place.ts';
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

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.docker, built],
  'docker with interposed emulators',
  () => {
    useHostTable();
    const { arm64 } = guests;
    const engine = useEngine(startDocker, [arm64]);
    const home = temporaryDirectory('home');
    const cli = (...words: string[]) => anyarch(words, { home, environment: { ANYARCH_PLAIN: '0' } });

    test('runs containers', async () => {
      expect(await cli('register', 'arm64')).toMatchObject({ exitCode: 0 });
      expect(readdirSync(join(home, 'interposed'))).toContain('aarch64.json');
      const uname = await runGuest(engine, arm64, ['uname', '-m']);
      expect(uname).toMatchObject({ exitCode: 0, stdout: 'aarch64\n' });
      const ended = await runGuest(engine, arm64, ['sh', '-c', 'exit 42'], ['--privileged']);
      expect(ended).toMatchObject({ exitCode: 42, stderr: '' });
      expect(await cli('unregister', 'arm64')).toMatchObject({ exitCode: 0 });
    });
  },
);

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.podman, needs.testUser, built],
  'rootless podman with interposed emulators',
  () => {
    const table = useHostTable();
    let user: ContainersUser;
    beforeAll(async () => {
      user = await containersUser([guests.arm64]);
    });
    afterAll(async () => {
      await user.stop();
    });

    test('is enabled with them, and runs containers', async () => {
      const enabled = await user.anyarch(['rootless', 'enable', 'podman', '-a', 'arm64'], {
        ANYARCH_PLAIN: '0',
      });
      expect(enabled).toMatchObject({ exitCode: 0 });
      expect(enabled.stderr).not.toContain('without the interposer');
      expect(await user.podmanRun(guests.arm64, ['uname', '-m'])).toMatchObject({
        exitCode: 0,
        stdout: 'aarch64\n',
      });
      const entry = await user.as(['podman', 'unshare', 'cat', '/proc/sys/fs/binfmt_misc/qemu-aarch64']);
      expect(entry.stdout).toMatch(/^interpreter .*\/store\/sha256\/[0-9a-f]{64}\/qemu-aarch64$/m);
      table.expectUnchanged();
    });
  },
);

describeWith([needs.root, needs.qemu, built], 'persistent interposed emulators', () => {
  test('are registered at boot, and make way for originals', { timeout: 60_000 }, async () => {
    const place = await openPrivatePlace();
    try {
      const environment = `ANYARCH_QEMU_DIR=${process.env['ANYARCH_TEST_QEMU_DIR'] ?? ''}`;
      const described = (...words: string[]): { sha256: string; interposed?: object } => {
        const command = ['persist', 'enable', 'arm64', '--init', 'systemd', ...words];
        expect(place.run(['env', environment, 'ANYARCH_PLAIN=0', executable, ...command])).toMatchObject({
          status: 0,
        });
        const path = '/usr/local/lib/anyarch/current/aarch64.json';
        return JSON.parse(place.run(['cat', path]).output) as never;
      };
      const guest = join(repository, 'build/guests/aarch64/fixed');
      const interposed = described();
      expect(interposed.interposed).toMatchObject({ arguments: [] });
      expect(place.run([guest, 'exit', '7']).status).toBe(7);
      const plain = described('--plain');
      expect(plain).not.toHaveProperty('interposed');
      expect(plain.sha256).not.toBe(interposed.sha256);
      expect(place.run([guest, 'exit', '8']).status).toBe(8);
      expect(described()).toEqual(interposed);
    } finally {
      await place.close();
    }
  });
});
