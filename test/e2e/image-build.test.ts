import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { succeed, type CommandResult } from '../support/command.ts';
import { describeImage, type ImageSuite } from '../support/engines/image-suite.ts';
import { runtimeWrapper } from '../support/engines/runtime.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const arm64 = 'anyarch.test/busybox:arm64';
/** The README's, with busybox for Ubuntu. */
const withQemu = `FROM anyarch:x86_64-aarch64 as qemu
FROM ${arm64}
COPY --from=qemu /usr/bin/qemu-aarch64-static /usr/bin
`;
const runsSomething = 'RUN uname -m > /machine\nRUN ["cat", "/machine"]\n';
const tag = 'test/integration/ubuntu';

/** `docker build … -<<EOF`; podman and buildah read the same from standard input. */
function build({ name, run: inEngine }: ImageSuite, containerfile: string): Promise<CommandResult> {
  const network = name === 'docker' ? [] : ['--network', 'none'];
  const words = ['build', '--rm', '--no-cache', ...network, '-t', tag, '-'];
  return inEngine(words, { input: containerfile, directory: temporaryDirectory('context') });
}

describeImage('building foreign images', (suite) => {
  const unameOfBuilt = () => suite.run(['run', '--rm', '--network', 'none', tag, 'uname', '-m']);

  describe('without flag F: QEMU in the image', () => {
    test('a RUN step does not run before anything is registered', async () => {
      const failed = await build(suite, `FROM ${arm64}\n${runsSomething}`);
      expect(failed.exitCode).not.toBe(0);
      expect(failed.stdout + failed.stderr).toContain('exec format error');
    });

    test('COPY --from=qemu, then the image runs', async () => {
      const words = ['run', '--rm', '--privileged', 'anyarch:register', '--reset'];
      expect(await suite.run(words)).toMatchObject({ exitCode: 0 });
      expect(await build(suite, withQemu)).toMatchObject({ exitCode: 0 });
      expect(await unameOfBuilt()).toMatchObject({ exitCode: 0, stdout: 'aarch64\n' });
    });

    test('COPY --from=anyarch, then RUN executes the foreign shell', async () => {
      const copy = `FROM ${arm64}\nCOPY --from=anyarch /usr/bin/qemu-aarch64-static /usr/bin\n`;
      const built = await build(suite, copy + runsSomething);
      expect(built.exitCode).toBe(0);
      expect(built.stdout).toMatch(/^aarch64$/m);
    });

    test('without QEMU in the image RUN fails: no such file or directory', async () => {
      const failed = await build(suite, `FROM ${arm64}\n${runsSomething}`);
      expect(failed.exitCode).not.toBe(0);
      expect(failed.stdout + failed.stderr).toContain('no such file or directory');
    });
  });

  describe('with flag F', () => {
    test('RUN executes the foreign shell, and nothing of QEMU is in the image', async () => {
      const words = ['run', '--rm', '--privileged', 'anyarch', '--reset', '-p', 'yes'];
      expect(await suite.run(words)).toMatchObject({ exitCode: 0 });
      const built = await build(suite, `FROM ${arm64}\n${runsSomething}`);
      expect(built.exitCode).toBe(0);
      expect(built.stdout).toMatch(/^aarch64$/m);
      const listed = await suite.run(['run', '--rm', '--network', 'none', tag, 'ls', '/usr/bin']);
      expect(listed).toMatchObject({ exitCode: 0, stdout: '' });
    });

    if (suite.name !== 'podman') return;
    test('buildah builds it as well', async () => {
      const store = suite.engine.client.flatMap((word, index, words) =>
        word === '--root' || word === '--runroot' ? [word, words[index + 1] ?? ''] : [],
      );
      const context = temporaryDirectory('context');
      writeFileSync(join(context, 'Containerfile'), `FROM ${arm64}\n${runsSomething}`);
      const words = ['build', '--runtime', runtimeWrapper, '--network', 'none', '--no-cache', context];
      const built = await succeed(['buildah', ...store, ...words]);
      expect(built.stdout).toMatch(/^aarch64$/m);
    });
  });
});
