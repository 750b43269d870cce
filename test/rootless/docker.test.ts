import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import { describeFailure } from '../support/command.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { offline, withJson } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { installPackage } from '../support/engines/package.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import type { RootlessDocker } from '../support/engines/rootless-docker.ts';
import { rootlessStarter, servicePath, startRootlessDocker } from '../support/engines/rootless-docker.ts';
import type { UserHome } from '../support/engines/user.ts';
import { createUserHome, runAsUser } from '../support/engines/user.ts';
import { guests } from '../support/fixtures/guests.ts';
import { busyboxImage } from '../support/fixtures/images.ts';

const guest = guests.arm64;
describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.testUser, needs.rootlessDocker],
  'rootless docker',
  () => {
    const table = useHostTable();
    let home: UserHome;
    let executable: string;
    let engine: RootlessDocker | undefined;
    let reference: string;

    beforeAll(async () => {
      home = createUserHome();
      executable = await installPackage();
      engine = await startRootlessDocker(home);
      const image = await busyboxImage(guest);
      reference = image.reference;
      expectSuccess(await docker(['load'], readFileSync(image.file)));
    });
    afterAll(async () => {
      await engine?.stop();
    });

    test('cannot run foreign containers by itself', async () => {
      const failed = await uname();
      expect(failed.exitCode).not.toBe(0);
      expect(failed.stdout + failed.stderr).toContain('exec format error');
    });

    test('runs them once it is enabled: in the daemon that runs, nothing on the host', async () => {
      const enabled = await anyarch(['rootless', 'enable', 'docker', '-a', 'arm64', '--json']);
      // It works now; nothing starts docker here but the test.
      expect(enabled).toMatchObject({ exitCode: 3 });
      expect(enabled.stdout).toContain('when docker is started by hand');
      await expectWorks();
      table.expectUnchanged();
      const status = await anyarch(['rootless', 'status', 'docker', '--json']);
      expect(status.json()).toMatchObject({
        engines: [
          {
            engine: 'docker',
            table: 'private',
            architectures: [{ architecture: 'aarch64', works: true }],
          },
        ],
      });
    });

    test.each(['1', '0'])('builds them, DOCKER_BUILDKIT=%s', async (buildkit) => {
      const directory = join(home.directory, `build${buildkit}`);
      mkdirSync(directory);
      writeFileSync(join(directory, 'Dockerfile'), `FROM ${reference}\nRUN test "$(uname -m)" = aarch64\n`);
      const words = ['build', '--network', 'none', '--no-cache', '--platform', guest.platform, directory];
      expectSuccess(await docker(words, undefined, { DOCKER_BUILDKIT: buildkit }));
    });

    test('a daemon that is started without the service has them no longer', async () => {
      await restart({});
      expect((await uname()).exitCode).not.toBe(0);
    });

    test('a daemon that is started by the service has them from its first container on', async () => {
      // It starts with the daemon, because of its policy: before anybody could register anything.
      await restart(await serviceEnvironment());
      expectSuccess(
        await docker([
          ...[
            'run',
            '--detach',
            '--name',
            'first',
            '--restart',
            'always',
            '--stop-timeout',
            '0',
            '--network',
            'none',
          ],
          ...['--platform', guest.platform, reference, 'sh', '-c', 'uname -m; sleep 1000'],
        ]),
      );
      await restart(await serviceEnvironment());
      const state = await docker(['inspect', '--format', '{{.State.Running}} {{.RestartCount}}', 'first']);
      expect(state.stdout).toBe('true 0\n');
      expect((await anyarch(['rootless', 'status', 'docker'])).stdout).not.toContain('started by hand');
      expectSuccess(await docker(['rm', '--force', 'first']));
      await expectWorks();
      table.expectUnchanged();
    });

    test('tells what is needed where nothing runs', async () => {
      await engine?.stop();
      engine = undefined;
      const status = await anyarch(['rootless', 'status', 'docker']);
      expect(status).toMatchObject({ exitCode: 3 });
      expect(status.stdout).toContain('the next one makes the table when it starts');
      expect(status.stdout).toContain('/rootless/docker/bin:$PATH dockerd-rootless.sh');
    });

    test("starts all the same where anyarch's files are gone", async () => {
      const environment = await serviceEnvironment();
      const gone = { ...environment, PATH: environment.PATH.replace('/rootless/docker/bin:', '/gone:') };
      expect(gone.PATH).not.toBe(environment.PATH);
      await restart(gone);
      expect((await docker(['version'])).exitCode).toBe(0);
    });

    test('systemd takes the drop-in', async () => {
      const unit = join(home.environment['XDG_CONFIG_HOME'] ?? '', 'systemd/user/docker.service');
      const text = `[Service]\nType=simple\nEnvironment=PATH=${servicePath}\nExecStart=${rootlessStarter}\n`;
      writeFileSync(unit, text);
      const verified = await runAsUser(home, ['systemd-analyze', '--user', 'verify', unit]);
      expect(verified).toMatchObject({ exitCode: 0, stderr: '' });
    });

    test('says that the daemon is another one where docker talks to that of root', async () => {
      const status = await anyarch(['rootless', 'status', 'docker'], {
        DOCKER_HOST: 'unix:///proc/1/root/docker.sock',
      });
      expect(status.stdout + status.stderr).toContain('docker context use rootless');
    });

    test('is as before once it is disabled', async () => {
      const dropIn = dropInPath();
      expect(existsSync(dropIn)).toBe(true);
      // Beside another engine, which stays.
      await anyarch(['rootless', 'enable', 'docker', 'buildah', '-a', 'arm64']);
      await expectWorks();
      expectSuccess(await anyarch(['rootless', 'disable', 'docker', '--json']));
      expect(readdirSync(home.environment['XDG_RUNTIME_DIR'] ?? '')).not.toContain('anyarch');
      expect((await uname()).exitCode).not.toBe(0);
      expect(existsSync(dropIn)).toBe(false);
      expect(existsSync(dirname(dropIn))).toBe(false);
      const status = await anyarch(['rootless', 'status', 'docker', 'buildah', '--json']);
      expect(status.json()).toMatchObject({
        engines: [
          { engine: 'docker', enabled: false },
          { engine: 'buildah', enabled: true },
        ],
      });
      expectSuccess(await anyarch(['rootless', 'disable']));
      table.expectUnchanged();
    });

    function dropInPath(): string {
      const config = home.environment['XDG_CONFIG_HOME'] ?? '';
      return join(config, 'systemd/user/docker.service.d/anyarch.conf');
    }

    /** What the service gets by the drop-in: its lines carried out as systemd.exec(5) and systemd.service(5) say. */
    async function serviceEnvironment(): Promise<{ readonly PATH: string }> {
      const lines = readFileSync(dropInPath(), 'utf8')
        .replaceAll('%t', home.environment['XDG_RUNTIME_DIR'] ?? '')
        .split('\n');
      const values = (key: string): string[] =>
        lines.flatMap((line) => (line.startsWith(`${key}=-`) ? [line.slice(key.length + 2)] : []));
      const [file = ''] = values('EnvironmentFile');
      const current = (): { readonly PATH: string } => ({
        PATH: existsSync(file)
          ? (/^PATH='(.*)'$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? 'unreadable')
          : servicePath,
      });
      for (const command of values('ExecStartPre'))
        await runAsUser(home, command.split(' '), { environment: current() });
      return current();
    }

    async function restart(environment: Readonly<Record<string, string>>): Promise<void> {
      await engine?.stop();
      engine = undefined;
      engine = await startRootlessDocker(home, environment);
    }

    function uname(): Promise<CommandResult> {
      return docker([
        'run',
        '--rm',
        '--network',
        'none',
        '--platform',
        guest.platform,
        reference,
        'uname',
        '-m',
      ]);
    }

    async function expectWorks(): Promise<void> {
      expect(await uname()).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
    }

    function expectSuccess(result: CommandResult): void {
      if (result.exitCode !== 0) throw new Error(describeFailure(result));
    }

    function docker(
      words: readonly string[],
      input?: Uint8Array,
      environment: Readonly<Record<string, string>> = {},
    ): Promise<CommandResult> {
      if (engine === undefined) throw new Error('no daemon runs');
      return runAsUser(home, [...engine.client, ...words], {
        environment,
        ...(input === undefined ? {} : { input }),
      });
    }

    async function anyarch(
      words: readonly string[],
      environment: Readonly<Record<string, string>> = {},
    ): Promise<CliResult> {
      const command = [executable, ...words];
      return withJson(await runAsUser(home, command, { environment: { ...offline, ...environment } }));
    }
  },
);
