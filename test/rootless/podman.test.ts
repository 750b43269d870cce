import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anyarch, offline } from '../support/engines/cli.ts';
import { containersUser } from '../support/engines/containers-user.ts';
import type { ContainersUser } from '../support/engines/containers-user.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';

const { arm64, s390x } = guests;
const ran = { exitCode: 0, stdout: 'aarch64\n' };
const built = { exitCode: 0, stdout: expect.stringContaining('aarch64\n') as string };
const enable = ['rootless', 'enable', 'podman', '-a', 'arm64'];

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.podman, needs.testUser, needs.secondUser],
  'rootless podman',
  () => {
    const table = useHostTable();
    let user: ContainersUser;
    let other: ContainersUser;
    let before: Map<string, string>;

    beforeAll(async () => {
      [user, other] = await Promise.all([
        containersUser([arm64, s390x]),
        containersUser([arm64], 'anyarch-test2'),
      ]);
      before = user.listing();
    });
    afterAll(async () => {
      await Promise.all([user.stop(), other.stop()]);
    });

    const run = (flags: readonly string[] = []) => user.podmanRun(arm64, ['uname', '-m'], flags);

    test('runs and builds nothing foreign by itself', async () => {
      expect(await run()).toMatchObject({
        stdout: '',
        stderr: expect.stringContaining('exec format error') as string,
      });
      expect((await user.build('podman', arm64)).exitCode).not.toBe(0);
    });

    test('shows what would be done, and does nothing', async () => {
      const planned = await user.anyarch([...enable, '--dry-run']);
      expect(planned.json()).toMatchObject({
        dryRun: true,
        engines: [{ engine: 'podman', outcome: 'enabled' }],
      });
      expect([...user.listing().keys()].filter((path) => !before.has(path))).toEqual([]);
    });

    test('is enabled, three times at once', async () => {
      const results = await Promise.all([1, 2, 3].map(() => user.anyarch(enable)));
      for (const result of results) {
        expect(result).toMatchObject({ exitCode: 0 });
        expect(result.json()).toMatchObject({
          schema: 'anyarch/rootless/1',
          outcome: 'ok',
          engines: [{ engine: 'podman', outcome: 'enabled', now: 'done' }],
        });
      }
      expect(await run()).toMatchObject(ran);
      expect(await user.build('podman', arm64)).toMatchObject(built);
      await expectStatus({ table: 'private', architectures: [{ architecture: 'aarch64', works: true }] });
      table.expectUnchanged();
    });

    test('leaves other architectures and other users alone', async () => {
      expect((await user.podmanRun(s390x, ['uname', '-m'])).exitCode).not.toBe(0);
      expect((await other.podmanRun(arm64, ['uname', '-m'])).exitCode).not.toBe(0);
    });

    test.each(['keep-id', 'auto', 'nomap'])('runs in the user namespace "%s"', async (namespace) => {
      expect(await run([`--userns=${namespace}`])).toMatchObject(ran);
    });

    test('runs foreign programs in a namespace that a container makes itself', async () => {
      // The emulated unshare(1) could not: QEMU has two threads, and the kernel wants one.
      const native = [
        '--volume',
        '/usr/bin/unshare:/native/unshare:ro',
        '--security-opt',
        'seccomp=unconfined',
      ];
      const libraries = ['/lib', '/lib64', '/usr/lib'].filter((path) => existsSync(path));
      const binds = libraries.flatMap((path) => ['--volume', `${path}:${path}:ro`]);
      const command = ['/native/unshare', '--user', '--map-root-user', '/bin/uname', '-m'];
      expect(await user.podmanRun(arm64, command, [...native, ...binds])).toMatchObject(ran);
    });

    describe('heals by itself', () => {
      const disasters: readonly (readonly [string, () => Promise<void>])[] = [
        ['podman system migrate', migrate],
        ['the end of its pause process', endPause],
        ['a reboot', reboot],
      ];

      test.each(disasters)('after %s', async (_what, happens) => {
        await happens();
        expect(await run()).toMatchObject(ran);
        await happens();
        expect(await user.build('podman', arm64)).toMatchObject(built);
        expect(await run()).toMatchObject(ran);
        await expectStatus({ table: 'private', warnings: [] });
        table.expectUnchanged();
      });
    });

    test('takes another set of architectures in the place of the former', async () => {
      const changed = await user.anyarch(['rootless', 'enable', 'podman', '-a', 's390x']);
      expect(changed.json()).toMatchObject({
        architectures: [
          { architecture: 's390x', change: 'new' },
          { architecture: 'aarch64', change: 'removed' },
        ],
      });
      expect(await user.podmanRun(s390x, ['uname', '-m'])).toMatchObject({ stdout: 's390x\n' });
      expect((await run()).exitCode).not.toBe(0);
      expect((await user.anyarch(enable)).exitCode).toBe(0);
      expect(await run()).toMatchObject(ran);
    });

    test('serves two users at once', async () => {
      expect((await other.anyarch(enable)).exitCode).toBe(0);
      const [mine, theirs] = await Promise.all([run(), other.podmanRun(arm64, ['uname', '-m'])]);
      expect(mine).toMatchObject(ran);
      expect(theirs).toMatchObject(ran);
      expect((await other.anyarch(['rootless', 'disable'])).exitCode).toBe(0);
      expect((await other.podmanRun(arm64, ['uname', '-m'])).exitCode).not.toBe(0);
      expect(await run()).toMatchObject(ran);
      table.expectUnchanged();
    });

    test("tells what hides ours, and keeps what is the user's", async () => {
      const dropIn = join(
        user.home.environment['XDG_CONFIG_HOME'] ?? '',
        'containers/containers.conf.d/zzz.conf',
      );
      writeFileSync(dropIn, '[engine]\nhooks_dir = []\n[engine.runtimes]\nrunc = ["/usr/sbin/runc"]\n');
      const hidden = await status();
      expect(hidden.exitCode).toBe(3);
      expect(hidden.stdout).toContain('hooks_dir');
      expect(hidden.stdout).toContain('/usr/sbin/runc');
      rmSync(dropIn);
      expect((await status({ CONTAINERS_CONF: '/usr/share/containers/containers.conf' })).stdout).toContain(
        'CONTAINERS_CONF is set',
      );
      expect((await status()).exitCode).toBe(0);
    });

    test('is disabled without a trace, and containers stay', async () => {
      const reference = 'anyarch.test/busybox:arm64';
      const create = ['podman', 'create', '--name', 'kept', '--network', 'none', '--platform', 'linux/arm64'];
      expect((await user.as([...create, reference, 'uname', '-m'])).exitCode).toBe(0);
      const disabled = await user.anyarch(['rootless', 'disable']);
      expect(disabled).toMatchObject({ exitCode: 0 });
      expect(disabled.json()).toMatchObject({
        engines: [{ engine: 'podman', outcome: 'disabled', removed: ['qemu-aarch64'] }],
      });
      expect(user.listing()).toEqual(before);
      const refused = expect.stringContaining('exec format error') as string;
      expect(await run()).toMatchObject({ stdout: '', stderr: refused });
      expect((await user.build('podman', arm64)).exitCode).not.toBe(0);
      expect(await user.as(['podman', 'start', '--attach', 'kept'])).toMatchObject({ stderr: refused });
      expect((await user.anyarch(enable)).exitCode).toBe(0);
      expect(await user.as(['podman', 'start', '--attach', 'kept'])).toMatchObject(ran);
      expect((await user.anyarch(['uninstall', '--force'])).exitCode).toBe(0);
      expect((await run()).exitCode).not.toBe(0);
      expect([...user.listing().keys()].filter((path) => !before.has(path))).toEqual([]);
      table.expectUnchanged();
    });

    test('fills a table that hides what the host has got since', async () => {
      const machine = join(user.home.directory, 'machine');
      mkdirSync(machine);
      try {
        expect((await user.anyarch(enable)).exitCode).toBe(0);
        expect((await user.anyarch(['rootless', 'disable'])).exitCode).toBe(0);
        expect((await status()).stdout).toContain('podman system migrate');
        expect((await anyarch(['register', 'arm64'], { home: machine })).exitCode).toBe(0);
        expect((await run()).exitCode).not.toBe(0);
        expect((await user.anyarch(enable)).json()).toMatchObject({
          engines: [{ engine: 'podman', outcome: 'enabled' }],
        });
        expect(await run()).toMatchObject(ran);
        // What stays has the host's.
        expect((await user.anyarch(['rootless', 'disable'])).exitCode).toBe(0);
        expect(await run()).toMatchObject(ran);
      } finally {
        await anyarch(['unregister', 'all'], { home: machine });
        rmSync(machine, { recursive: true });
      }
      await migrate();
      table.expectUnchanged();
    });

    test('writes nothing where the host’s table does it all', async () => {
      const machine = join(user.home.directory, 'machine');
      mkdirSync(machine);
      try {
        expect((await anyarch(['register', 'arm64'], { home: machine })).exitCode).toBe(0);
        const result = await user.anyarch(enable);
        expect(result).toMatchObject({ exitCode: 0 });
        expect(result.json()).toMatchObject({ engines: [{ engine: 'podman', outcome: 'unneeded' }] });
        expect(existsSync(join(user.home.environment['XDG_DATA_HOME'] ?? '', 'anyarch/rootless'))).toBe(
          false,
        );
        expect(await run()).toMatchObject(ran);
      } finally {
        await anyarch(['unregister', 'all'], { home: machine });
        rmSync(machine, { recursive: true });
      }
      table.expectUnchanged();
    });

    test('is for plain users', async () => {
      const refused = await anyarch(['rootless', 'enable', '--json'], { environment: offline });
      expect(refused.exitCode).toBe(4);
      expect(refused.stdout).toContain('anyarch register');
      const inside = await user.as(['podman', 'unshare', ...(await command()), 'rootless', 'disable']);
      expect(inside.stderr).toContain('ANYARCH_PERMISSION');
    });

    function status(environment?: Record<string, string>) {
      return user.anyarch(['rootless', 'status', 'podman'], environment);
    }

    async function expectStatus(expected: object): Promise<void> {
      const result = await status();
      expect(result.json()).toMatchObject({ engines: [{ engine: 'podman', enabled: true, ...expected }] });
      expect(result.exitCode).toBe(0);
    }

    async function migrate(): Promise<void> {
      expect((await user.as(['podman', 'system', 'migrate'])).exitCode).toBe(0);
    }

    function endPause(): Promise<void> {
      const pid = readFileSync(join(runtimeDirectory(), 'libpod/tmp/pause.pid'), 'utf8');
      process.kill(Number(pid), 'SIGKILL');
      return Promise.resolve();
    }

    async function reboot(): Promise<void> {
      await endPause();
      for (const name of ['libpod', 'containers', 'anyarch', 'vfs-layers', 'vfs-locks'])
        rmSync(join(runtimeDirectory(), name), { recursive: true, force: true });
    }

    function runtimeDirectory(): string {
      return user.home.environment['XDG_RUNTIME_DIR'] ?? '';
    }

    async function command(): Promise<string[]> {
      const { installPackage } = await import('../support/engines/package.ts');
      return [await installPackage()];
    }
  },
);
