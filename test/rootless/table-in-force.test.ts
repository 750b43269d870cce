import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findArchitecture } from '../../src/core/architecture.ts';
import { formatRule } from '../../src/core/rule.ts';
import { anyarch, offline } from '../support/engines/cli.ts';
import { containersUser } from '../support/engines/containers-user.ts';
import type { ContainersUser } from '../support/engines/containers-user.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { asUser } from '../support/engines/user.ts';

interface Table {
  readonly process: { readonly pid: number };
  readonly whose: string;
  readonly foundBy: string;
  readonly owner?: { readonly engine?: string; readonly ownerName?: string };
  readonly namespaces: readonly { readonly engine?: string }[];
  readonly status: { readonly entries: readonly { readonly name: string; readonly proof?: unknown }[] };
  readonly warnings: readonly { readonly kind: string }[];
}

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.podman, needs.testUser],
  "the table in force for a user's podman",
  () => {
    const table = useHostTable();
    let user: ContainersUser;

    beforeAll(async () => {
      user = await containersUser([]);
    });
    afterAll(async () => {
      await user.stop();
    });

    test('is nobody’s before podman runs', async () => {
      const { exitCode, stdout } = await user.anyarch(['status', '--engine', 'podman']);
      expect(exitCode).toBe(4);
      expect(stdout).toContain('ANYARCH_ENGINE_NOT_FOUND');
    });

    test('is not its own while nobody has mounted one', async () => {
      await user.as(['podman', 'unshare', 'true']);
      const found = await podmansTable();
      expect(['host', 'none']).toContain(found.whose);
      expect(found).toMatchObject({ namespaces: [{ engine: 'podman' }, {}], warnings: [] });
    });

    test('goes with a container that alone has it mounted', async () => {
      const holder = await registerAside();
      const found = await podmansTable();
      expect(found).toMatchObject({ whose: 'own', foundBy: 'probe', status: { entries: [proven] } });
      expect(found.warnings.map(({ kind }) => kind)).toContain('throw-away');
      await holder.end();
      // The namespace has a table still, an empty one.
      expect((await podmansTable()).status.entries).toEqual([]);
    });

    test('is its own once enabled, and lasts', async () => {
      const enabled = await user.anyarch(['rootless', 'enable', 'podman', '-a', 'arm64']);
      expect(enabled).toMatchObject({ exitCode: 0 });
      const found = await podmansTable();
      expect(found).toMatchObject({ whose: 'own', foundBy: 'probe', owner: { engine: 'podman' } });
      expect(found.status.entries).toMatchObject([proven]);
      expect(found.warnings).toEqual([]);
      const all = await anyarch(['status', '--user', 'anyarch-test', '--json']);
      const { tables } = all.json() as { tables: readonly Table[] };
      const { pid } = found.process;
      const same = tables.find(({ process }) => process.pid === pid);
      expect(same).toMatchObject({ whose: 'own', owner: { engine: 'podman', ownerName: 'anyarch-test' } });
      expect(same?.status.entries).toMatchObject([proven]);
      table.expectUnchanged();
    });

    const proven = { name: 'qemu-aarch64', proof: { status: 'proven' } };

    async function podmansTable(): Promise<Table> {
      const result = await user.anyarch(['status', '--engine', 'podman']);
      const { tables } = result.json() as { tables: readonly [Table] };
      return tables[0];
    }

    /** What a container with all rights does that registers by itself. */
    async function registerAside(): Promise<{ end: () => Promise<void> }> {
      const architecture = findArchitecture('arm64');
      const rule = join(user.home.directory, 'rule');
      const interpreter = join(offline.ANYARCH_QEMU_DIR ?? '', 'qemu-aarch64');
      const flags = { fixBinary: true, credentials: false, openBinary: false, preserveArgv0: false };
      writeFileSync(
        rule,
        formatRule({ ...architecture, name: 'qemu-aarch64', kind: 'magic', interpreter, flags }),
      );
      const script = [
        'mount -t binfmt_misc none /proc/sys/fs/binfmt_misc',
        `cat ${rule} > /proc/sys/fs/binfmt_misc/register`,
        'echo ready',
        'read end',
      ].join(' && ');
      const [program = '', ...words] = asUser(['podman', 'unshare', 'unshare', '-m', 'sh', '-c', script]);
      const environment = { PATH: process.env['PATH'], ...user.home.environment };
      const child = spawn(program, words, {
        env: environment,
        cwd: user.home.directory,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      const ended = once(child, 'exit');
      await Promise.race([once(child.stdout, 'data'), ended]);
      return {
        end: async () => {
          child.stdin.end('\n');
          await ended;
        },
      };
    }
  },
);
