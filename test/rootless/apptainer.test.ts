import { cpSync, existsSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import { describeFailure, run, succeed } from '../support/command.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { offline, withJson } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import type { UserHome } from '../support/engines/user.ts';
import { asUser, createUserHome, runAsUser, userIds } from '../support/engines/user.ts';
import { apptainerDirectory } from '../support/fixtures/apptainer.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const guest = guests.arm64;
const sandboxRefusal = "image targets 'arm64', cannot run on 'amd64'";
const archiveRefusal = "the image's architecture (arm64) could not run on the host's (amd64)";

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.testUser, needs.apptainer],
  'apptainer without privilege',
  () => {
    const table = useHostTable();
    let home: UserHome;
    let executable: string;
    let real: string;
    let sandbox: string;
    let archive: string;
    let device: string;

    beforeAll(async () => {
      home = createUserHome();
      executable = await installPackage();
      real = await apptainerDirectory();
      sandbox = join(home.directory, 'sandbox');
      cpSync(await busyboxRoot(guest), sandbox, { recursive: true, verbatimSymlinks: true });
      mkdirSync(join(sandbox, 'var/tmp'), { recursive: true });
      await succeed(['chown', '--recursive', String(userIds().uid), sandbox]);
      archive = join(home.directory, 'image.sif');
      await expectSuccess(apptainer(['build', '--arch', 'arm64', archive, sandbox], real));
      device = await fuseDevice();
    });

    test('cannot run foreign images by itself', async () => {
      const inSandbox = await apptainer(['exec', sandbox, 'uname', '-m'], real);
      expect(inSandbox).toMatchObject({ exitCode: 255, stdout: '' });
      expect(inSandbox.stderr).toContain(sandboxRefusal);
      const inArchive = await apptainer(['exec', archive, 'uname', '-m'], real);
      expect(inArchive).toMatchObject({ exitCode: 255, stdout: '' });
      expect(inArchive.stderr).toContain(archiveRefusal);
    });

    test('runs them within anyarch run', async () => {
      const within = [executable, 'run', '--keep-id', '--', 'apptainer', '--quiet', 'exec'];
      const script = 'uname -m; id -u; exit 9';
      expect(await asTestUser([...within, sandbox, 'sh', '-c', script], real)).toMatchObject({
        exitCode: 9,
        stdout: `${guest.machine}\n${userIds().uid}\n`,
      });
      table.expectUnchanged();
    });

    test('says why no shim can be made where PATH would not lead to it', async () => {
      const refused = await anyarch(['rootless', 'enable', 'apptainer', '-a', 'arm64'], real);
      expect(refused.exitCode).not.toBe(0);
      expect(refused.stdout + refused.stderr).toContain('ANYARCH_PATH_ORDER');
      expect(existsSync(shims())).toBe(false);
    });

    test('runs them once it is enabled, as what the user typed', async () => {
      await expectSuccess(anyarch(['rootless', 'enable', 'apptainer', '-a', 'arm64']));
      expect(readdirSync(shims())).toEqual(['apptainer']);
      const command = ['--quiet', 'exec', sandbox, 'sh', '-c', 'cat; pwd; uname -m; exit 9'];
      const result = await apptainer(command, undefined, 'input\n');
      expect(result).toMatchObject({
        exitCode: 9,
        stdout: `input\n${home.directory}\n${guest.machine}\n`,
      });
      table.expectUnchanged();
      const status = await anyarch(['rootless', 'status', 'apptainer', '--json']);
      expect(status.json()).toMatchObject({
        engines: [
          {
            engine: 'apptainer',
            table: 'per-command',
            architectures: [{ architecture: 'aarch64', works: true }],
          },
        ],
      });
    });

    test('runs SIF images, for which apptainer reads the table itself', async () => {
      const mount = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /dev/fuse && exec "$@"', device];
      const command = [...mount, ...asUser(['apptainer', '--quiet', 'exec', archive, 'uname', '-m'])];
      const environment = { ...home.environment, ...offline, PATH: path(shims(), real) };
      const result = await run(command, { environment, directory: home.directory });
      expect(result).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
    });

    test('keeps an instance running behind the command that started it', async () => {
      const built = join(home.directory, 'built');
      await expectSuccess(apptainer(['build', '--arch', 'arm64', '--sandbox', built, sandbox]));
      await expectSuccess(apptainer(['instance', 'start', built, 'one']));
      try {
        const inside = await apptainer(['--quiet', 'exec', 'instance://one', 'uname', '-m']);
        expect(inside).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
      } finally {
        await expectSuccess(apptainer(['instance', 'stop', 'one']));
      }
      table.expectUnchanged();
    });

    test('builds from a definition file where all ids are mapped; its shim leaves builds alone', async () => {
      const definition = join(home.directory, 'image.def');
      writeFileSync(definition, `Bootstrap: localimage\nFrom: ${sandbox}\n%post\n  uname -m > /built\n`);
      const build = ['build', '--arch', 'arm64', join(home.directory, 'built.sif'), definition];
      expect((await apptainer(build)).stderr).toContain(sandboxRefusal);
      const within = [executable, 'run', '--map-auto', '--', join(real, 'apptainer')];
      await expectSuccess(asTestUser([...within, ...build]));
    });

    test('runs the real one by itself where anyarch is gone, and passes signals on', async () => {
      const program = join(home.environment['XDG_DATA_HOME'] ?? '', 'anyarch/rootless/anyarch');
      const kill = ['sh', '-c', `sleep 0.5; exec timeout --signal=TERM 1 apptainer -q exec "$0" sleep 20`];
      expect(await asTestUser([...kill, sandbox])).toMatchObject({ exitCode: 124 });
      renameSync(program, `${program}.away`);
      expect((await apptainer(['exec', sandbox, 'uname', '-m'])).stderr).toContain(sandboxRefusal);
      renameSync(`${program}.away`, program);
    });

    test('is as before once it is disabled', async () => {
      await expectSuccess(anyarch(['rootless', 'disable', 'apptainer']));
      expect(existsSync(shims())).toBe(false);
      expect((await apptainer(['exec', sandbox, 'uname', '-m'])).stderr).toContain(sandboxRefusal);
      table.expectUnchanged();
    });

    function shims(): string {
      return join(home.directory, '.local/bin');
    }

    function apptainer(words: readonly string[], first?: string, input?: string): Promise<CommandResult> {
      return asTestUser(['apptainer', ...words], first, input);
    }

    async function anyarch(words: readonly string[], first?: string): Promise<CliResult> {
      return withJson(await asTestUser([executable, ...words], first));
    }

    /** @param first in PATH; default: the user's own directory, then that of apptainer */
    function asTestUser(command: readonly string[], first?: string, input?: string): Promise<CommandResult> {
      const PATH = first === undefined ? path(shims(), real) : path(first);
      return runAsUser(home, command, {
        environment: { ...offline, PATH },
        ...(input === undefined ? {} : { input }),
      });
    }
  },
);

function path(...directories: string[]): string {
  return [...directories, process.env['PATH'] ?? ''].join(':');
}

/** Every user may open it on ordinary machines; where no udev runs, it is root's alone. */
async function fuseDevice(): Promise<string> {
  const device = join(temporaryDirectory('fuse'), 'fuse');
  await succeed(['mknod', '--mode=666', device, 'c', '10', '229']);
  return device;
}

async function expectSuccess(running: Promise<CommandResult>): Promise<void> {
  const result = await running;
  if (result.exitCode !== 0) throw new Error(describeFailure(result));
}
