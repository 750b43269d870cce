import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { containersUser } from '../support/engines/containers-user.ts';
import type { ContainersUser } from '../support/engines/containers-user.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guests } from '../support/fixtures/guests.ts';

const { s390x } = guests;
const built = { exitCode: 0, stdout: expect.stringContaining('s390x\n') as string };

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.podman, needs.buildah, needs.testUser],
  'rootless buildah',
  () => {
    const table = useHostTable();
    let user: ContainersUser;
    let before: Map<string, string>;

    beforeAll(async () => {
      user = await containersUser([s390x]);
      before = user.listing();
    });
    afterAll(() => user.stop());

    test('builds and runs nothing foreign by itself', async () => {
      expect((await user.build('buildah', s390x)).exitCode).not.toBe(0);
      expect((await runInContainer()).stdout).toBe('');
    });

    test('builds and runs foreign programs once it is enabled', async () => {
      const enabled = await user.anyarch(['rootless', 'enable', 'buildah', '-a', 's390x']);
      expect(enabled).toMatchObject({ exitCode: 0 });
      expect(enabled.json()).toMatchObject({
        engines: [
          {
            engine: 'buildah',
            now: 'per-command',
            ensured: { architectures: [{ architecture: 's390x', outcome: 'added' }] },
          },
        ],
      });
      expect(await user.build('buildah', s390x)).toMatchObject(built);
      expect(await runInContainer()).toMatchObject({ exitCode: 0, stdout: 's390x\n' });
      table.expectUnchanged();
    });

    test('does so twice at once, and within podman’s namespace', async () => {
      const both = await Promise.all([user.build('buildah', s390x), runInContainer()]);
      expect(both[0]).toMatchObject(built);
      expect(both[1]).toMatchObject({ stdout: 's390x\n' });
      expect(await runInContainer(['podman', 'unshare'])).toMatchObject({ exitCode: 0, stdout: 's390x\n' });
    });

    test('tells that it works', async () => {
      const status = await user.anyarch(['rootless', 'status', 'buildah']);
      expect(status).toMatchObject({ exitCode: 0 });
      expect(status.json()).toMatchObject({
        engines: [{ table: 'per-command', architectures: [{ architecture: 's390x', works: true }] }],
      });
      const chroot = await user.anyarch(['rootless', 'status', 'buildah'], { BUILDAH_ISOLATION: 'chroot' });
      expect(chroot.stdout).toContain('BUILDAH_ISOLATION is chroot');
    });

    test('says at once what keeps it from working, and builds without a runtime by other means', async () => {
      const isolated = { BUILDAH_ISOLATION: 'chroot' };
      const enabled = await user.anyarch(['rootless', 'enable', 'buildah', '-a', 's390x'], isolated);
      expect(enabled).toMatchObject({ exitCode: 3 });
      expect(enabled.json()).toMatchObject({
        outcome: 'partial',
        engines: [{ outcome: 'enabled', warnings: [expect.stringContaining('anyarch run -- buildah')] }],
      });
      const chroot = ['env', 'BUILDAH_ISOLATION=chroot'];
      expect((await user.build([...chroot, 'buildah'], s390x)).exitCode).not.toBe(0);
      // What `run` keeps is not what disabling removes.
      const state = join(user.home.directory, 'of-run');
      const wrapped = [...chroot, `ANYARCH_HOME=${state}`, user.executable, 'run', '--', 'buildah'];
      expect(await user.build(wrapped, s390x)).toMatchObject(built);
      rmSync(state, { recursive: true });
      table.expectUnchanged();
    });

    test('stands before a runtime that is configured by its path', async () => {
      const byPath = join(
        user.home.environment['XDG_CONFIG_HOME'] ?? '',
        'containers/containers.conf.d/p.conf',
      );
      const { stdout: runtime } = await user.as([
        'sh',
        '-c',
        'printf %s "$(PATH=$PATH:/usr/sbin command -v runc)"',
      ]);
      writeFileSync(byPath, `[engine]\nruntime = "${runtime}"\n`);
      const enabled = await user.anyarch(['rootless', 'enable', 'buildah', '-a', 's390x']);
      expect(enabled).toMatchObject({ exitCode: 0 });
      expect(await user.build('buildah', s390x)).toMatchObject(built);
      rmSync(byPath);
    });

    test('stays while a service of podman starts containers by it', async () => {
      const script = 'podman system service -t 60 "unix://$XDG_RUNTIME_DIR/p.sock" >/dev/null 2>&1 & echo $!';
      const service = Number((await user.as(['sh', '-c', script])).stdout);
      try {
        await expect.poll(() => commandLine(service)).toContain('service');
        const refused = await user.anyarch(['rootless', 'disable', 'buildah']);
        expect(refused).toMatchObject({ exitCode: 1 });
        expect(refused.json()).toMatchObject({
          engines: [{ outcome: 'failed', error: { code: 'ANYARCH_IN_USE' } }],
        });
        expect(await user.build('buildah', s390x)).toMatchObject(built);
      } finally {
        process.kill(service);
      }
      await expect.poll(() => commandLine(service)).toBe('');
    });

    test('does not any more once it is disabled', async () => {
      expect((await user.anyarch(['rootless', 'disable', 'buildah'])).exitCode).toBe(0);
      expect(user.listing()).toEqual(before);
      expect((await user.build('buildah', s390x)).exitCode).not.toBe(0);
      expect((await runInContainer()).stdout).toBe('');
      table.expectUnchanged();
    });

    /** Empty once it has ended, whether anybody waits for it or not. */
    function commandLine(pid: number): string {
      return existsSync(`/proc/${pid}`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8') : '';
    }

    function runInContainer(within: readonly string[] = []) {
      const script = `container=$(buildah from --pull-never anyarch.test/busybox:s390x) || exit 9
buildah run --isolation rootless --network host "$container" uname -m
code=$?
buildah rm "$container" >/dev/null
exit $code`;
      return user.as([...within, 'sh', '-c', script]);
    }
  },
);
