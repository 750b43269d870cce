import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run, succeed, succeeded } from '../support/command.ts';
import type { CommandResult } from '../support/command.ts';
import type { CliResult } from '../support/engines/cli.ts';
import { anyarch } from '../support/engines/cli.ts';
import { containersUser } from '../support/engines/containers-user.ts';
import type { ContainersUser } from '../support/engines/containers-user.ts';
import { startDocker } from '../support/engines/docker.ts';
import type { Engine } from '../support/engines/engine.ts';
import { installPackage } from '../support/engines/package.ts';
import { startPodman } from '../support/engines/podman.ts';
import { startRegistry } from '../support/engines/registry.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { writeRunImages } from '../support/fixtures/run-images.ts';
import { clientDirectory, images, native, report } from '../support/fixtures/sample-images.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.testUser, needs.podman, needs.registry, needs.skopeo],
  'anyarch run --image',
  () => {
    let layout: string;
    let user: ContainersUser;
    let executable: string;
    let rootHome: string;

    beforeAll(async () => {
      layout = join(temporaryDirectory('layout'), 'images');
      await writeRunImages(layout, images);
      user = await containersUser([]);
      executable = await installPackage();
      rootHome = temporaryDirectory('root-home');
    });
    afterAll(async () => {
      await user.stop();
    });

    /** A docker-archive of one of the images. */
    async function archiveOf(tag: string, name: string): Promise<string> {
      const file = join(temporaryDirectory('archive'), 'image.tar');
      await succeed(['skopeo', 'copy', '--quiet', `oci:${layout}:${tag}`, `docker-archive:${file}:${name}`]);
      return file;
    }

    const asUser = (...args: string[]): Promise<CommandResult> => user.as([executable, 'run', ...args]);
    const asRoot = (...args: string[]): Promise<CliResult> => anyarch(['run', ...args], { home: rootHome });
    const both = [
      ['an ordinary user', (...args: string[]) => asUser(...args)],
      ['root', (...args: string[]) => asRoot(...args)],
    ] as const;

    describe.each(both)('as %s', (_, runImage) => {
      test.each([native, guests.arm64, guests.s390x])('runs the image for $debian', async (guest) => {
        const image = ['--image', `oci:${layout}:multi`, '-a', guest.debian];
        expect(await runImage(...image)).toMatchObject({ exitCode: 0, stdout: `${guest.machine}\n` });
        const script = `${report}; cat /home/web/own; stat -c '%u:%g %a' /home/web/own /bin/su; exit 3`;
        const result = await runImage(...image, '-e', 'GREETING=hi', '--', 'sh', '-c', script);
        expect(result).toMatchObject({ exitCode: 3, stderr: '' });
        expect(result.stdout.split('\n').slice(1)).toEqual([
          '/srv/made',
          '/home/web hi',
          'mine',
          '1000:1000 600',
          '0:0 4755',
          '',
        ]);
        expect(result.stdout).toMatch(/^uid=1000\(web\) gid=1000\(web\) groups=.*2000\(extra\)\n/);
      });

      test('takes the native one by itself, and the only one that there is', async () => {
        expect((await runImage('--image', `oci:${layout}:multi`)).stdout).toBe('x86_64\n');
        expect((await runImage('--image', `oci:${layout}:foreign`)).stdout).toBe('aarch64\n');
      });

      test('lists the platforms that there are', async () => {
        const failed = await runImage('--image', `oci:${layout}:multi`, '-a', 'riscv64');
        expect(failed).toMatchObject({ exitCode: 125, stdout: '' });
        expect(failed.stderr).toContain('ANYARCH_PLATFORM_NOT_FOUND');
        expect(failed.stderr).toContain('linux/amd64, linux/arm64, linux/s390x');
      });

      test('gives setuid programs their rights, and writes that are gone afterwards', async () => {
        const image = ['--image', `oci:${layout}:multi`, '-a', 's390x', '--'];
        const change =
          'touch /home/web/new && ls /home/web && su -c "id -u; touch /etc/new" root 2>&1 </dev/null';
        const result = await runImage(
          '--image',
          `oci:${layout}:multi`,
          '-a',
          's390x',
          '-u',
          '0',
          '--',
          'sh',
          '-c',
          'touch /home/web/new; ls /home/web',
        );
        expect(result.stdout).toBe('new\nown\n');
        expect((await runImage(...image, 'ls', '/home/web')).stdout).toBe('own\n');
        // It asks for a password, which only its rights let it look for.
        expect((await runImage(...image, 'sh', '-c', change)).stdout).toContain('new\nown\n');
      });

      test('ends as docker does when the command cannot be had', async () => {
        const image = ['--image', `oci:${layout}:multi`, '--'];
        expect(await runImage(...image, 'nothing-like-that')).toMatchObject({ exitCode: 127 });
        expect(await runImage(...image, '/etc')).toMatchObject({ exitCode: 126 });
        const mute = await runImage('--image', `oci:${layout}:mute`);
        expect(mute).toMatchObject({ exitCode: 125 });
        expect(mute.stderr).toContain('the image names no command');
      });
    });

    describe('beside podman', () => {
      let podman: Engine;
      const names = new Map<string, string>();

      beforeAll(async () => {
        podman = await startPodman();
        for (const { tag } of images.filter((image) => image.guests.length === 1)) {
          const name = `localhost/run-image:${tag}`;
          await succeed([...podman.client, 'load', '--quiet', '--input', await archiveOf(tag, name)]);
          names.set(tag, name);
        }
      });
      afterAll(async () => {
        await podman.stop();
      });

      test.each<[string, string[], string[]]>([
        ['entry', [], []],
        ['entry', [], ['a', 'b c']],
        ['entry', ['--entrypoint', 'printenv'], ['GREETING']],
        ['entry', ['--entrypoint', ''], ['echo', 'x']],
        ['entry', ['--entrypoint', 'pwd'], []],
        ['script', [], []],
        ['script', [], ['echo $0 $GREETING', 'zero']],
        ['plain', [], []],
        ['plain', ['-u', '1000'], []],
        ['plain', ['-u', '1000:2000'], []],
        ['plain', ['-u', 'web:extra'], []],
        ['plain', ['-u', '0'], []],
        ['plain', ['-w', '/bin', '-e', 'GREETING=', '-e', 'HOME=/x'], []],
        ['plain', ['--read-only'], ['sh', '-c', 'pwd; touch /x 2>&1']],
      ])('%s with %j and %j does the same', async (tag, options, words) => {
        const flags = ['run', '--rm', '--network', 'none', ...options];
        const expected = await run([...podman.client, ...flags, names.get(tag) ?? '', ...words]);
        const { exitCode, stdout } = expected;
        for (const [, runImage] of both) {
          const result = await runImage(
            '--image',
            `oci:${layout}:${tag}`,
            '--network',
            'none',
            ...options,
            '--',
            ...words,
          );
          expect(result).toMatchObject({ exitCode, stdout });
        }
      });
    });

    test('makes the working directory and gives unknown users a home, as docker does', async () => {
      for (const [, runImage] of both) {
        const result = await runImage('--image', `oci:${layout}:plain`, '-u', '4321', '-w', '/made/now');
        expect(result.stdout).toBe('uid=4321 gid=0(root) groups=0(root)\n/made/now\n/ hello\n');
      }
    });

    describe('from elsewhere', () => {
      test('a registry, which is not asked a second time', async () => {
        const registry = await startRegistry();
        const name = `${registry.name}/team/multi:v1`;
        try {
          await succeed([
            'skopeo',
            'copy',
            '--quiet',
            '--all',
            '--dest-tls-verify=false',
            `oci:${layout}:multi`,
            `docker://${name}`,
          ]);
          expect((await asUser('--image', name, '--pull', 'never')).stderr).toContain(
            'ANYARCH_IMAGE_NOT_FOUND',
          );
          for (const architecture of ['s390x', 'amd64'])
            expect(await asUser('--image', name, '-a', architecture)).toMatchObject({
              exitCode: 0,
              stderr: '',
            });
        } finally {
          await registry.stop();
        }
        expect((await asUser('--image', name)).stdout).toBe('x86_64\n');
        expect((await asUser('--image', name, '-a', 's390x')).stdout).toBe('s390x\n');
        expect((await asUser('--image', `docker://${name}`, '--pull=never')).stdout).toBe('x86_64\n');
        expect((await asUser('--image', name, '--pull=always')).stderr).toContain(
          'ANYARCH_REGISTRY_UNREACHABLE',
        );
      });

      test('a tag that moves on and back', async () => {
        const registry = await startRegistry();
        const name = `${registry.name}/team/moving:v1`;
        const images = [
          ['entry', 'entry cmd\n'],
          ['moved', 'moved on\n'],
          ['entry', 'entry cmd\n'],
        ] as const;
        try {
          for (const [tag, printed] of images) {
            const copy = ['skopeo', 'copy', '--quiet', '--dest-tls-verify=false'];
            await succeed([...copy, `oci:${layout}:${tag}`, `docker://${name}`]);
            expect((await asUser('--image', name, '--pull=always')).stdout).toBe(printed);
            expect((await asUser('--image', name)).stdout).toBe(printed);
          }
        } finally {
          await registry.stop();
        }
      });

      test("podman's storage and what podman saves", async () => {
        const archive = await archiveOf('foreign', 'localhost/stored:1');
        await succeeded(user.as(['podman', 'load', '--quiet'], { input: readFileSync(archive) }));
        const inspect = ['podman', 'image', 'inspect', '--format', '{{.Id}}', 'stored:1'];
        const id = (await succeeded(user.as(inspect))).stdout.trim();
        for (const name of ['stored:1', id])
          expect((await asUser('--image', `containers-storage:${name}`)).stdout).toBe('aarch64\n');
        expect((await asUser('--image', 'containers-storage:stored:2')).stderr).toContain(
          'ANYARCH_IMAGE_NOT_FOUND',
        );
        for (const format of ['docker-archive', 'oci-archive']) {
          const saved = join(user.home.directory, `${format}.tar`);
          await succeeded(
            user.as(['podman', 'save', '--quiet', '--format', format, '-o', saved, 'stored:1']),
          );
          for (const name of [saved, `${format}:${saved}`])
            expect((await asUser('--image', name)).stdout).toBe('aarch64\n');
          writeFileSync(`${saved}.gz`, gzipSync(readFileSync(saved)), { mode: 0o644 });
          expect((await asUser('--image', `${saved}.gz`)).stdout).toBe('aarch64\n');
        }
      });

      test('nothing is left', async () => {
        const work = join(user.home.environment['XDG_CACHE_HOME'] ?? '', 'anyarch/incoming');
        expect(existsSync(work) ? readdirSync(work) : []).toEqual([]);
        expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(user.home.directory);
        const processes = await run(['pgrep', '-u', 'anyarch-test', '-f', 'anyarch-run']);
        expect(processes.stdout).toBe('');
      });
    });

    describeWith([needs.docker], 'from docker', () => {
      let docker: Engine;

      beforeAll(async () => {
        docker = await startDocker();
      });
      afterAll(async () => {
        await docker.stop();
      });

      test('its archives, its storage, and what its import says of the architecture', async () => {
        const directory = temporaryDirectory('saved');
        const archive = join(directory, 'root.tar');
        await succeed(['tar', '-C', await busyboxRoot(guests.arm64), '-cf', archive, '.']);
        const change = ['--change', 'CMD ["uname","-m"]', '--change', 'ENV PATH=/bin'];
        await succeed([
          ...docker.client,
          'import',
          ...change,
          '--platform',
          'linux/arm64',
          archive,
          'imported:1',
        ]);
        const saved = join(directory, 'saved.tar');
        await succeed([...docker.client, 'save', '-o', saved, 'imported:1']);
        const fromArchive = await asRoot('--image', `docker-archive:${saved}:imported:1`);
        expect(fromArchive).toMatchObject({ exitCode: 0, stdout: 'aarch64\n' });
        expect(fromArchive.stderr).toContain('its programs are for aarch64');
        const environment = {
          DOCKER_HOST: docker.client[2],
          PATH: `${clientDirectory(docker)}:${process.env['PATH'] ?? ''}`,
        };
        const args = ['run', '--image', 'docker-daemon:imported:1'];
        expect((await anyarch(args, { home: rootHome, environment })).stdout).toBe('aarch64\n');
      });
    });
  },
);
