import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { withSettings } from '../../src/accelerate/stand-in/settings.ts';
import { run, succeed } from '../support/command.ts';
import { startDocker } from '../support/engines/docker.ts';
import { runGuest, type Engine } from '../support/engines/engine.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { runtimeWrapper } from '../support/engines/runtime.ts';
import { repository } from '../support/fixtures/cache.ts';
import { guests } from '../support/fixtures/guests.ts';
import { busyboxImage } from '../support/fixtures/images.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Runs natively here: what is tested is what containers see. */
const guest = guests.i386;

describeWith(
  [needs.root, needs.apt, needs.docker],
  "a stand-in that is the first runc in the PATH of docker's daemon",
  () => {
    let engine: Engine;
    let tree: string;
    let program: string;
    let context: string;

    beforeAll(async () => {
      tree = temporaryDirectory('tree');
      fillTree();
      const [own, real] = [temporaryDirectory('own'), temporaryDirectory('real')];
      program = join(own, 'runc');
      writeFileSync(program, standIn(tree), { mode: 0o755 });
      symlinkSync(runtimeWrapper, join(real, 'runc'));
      engine = await startDocker({ path: `${own}:${real}:${process.env['PATH'] ?? ''}` });
      const { file, reference } = await busyboxImage(guest);
      await succeed([...engine.client, 'load', '--input', file]);
      context = temporaryDirectory('context');
      writeFileSync(
        join(context, 'Dockerfile'),
        `FROM ${reference}\nRUN ls -a /dev | grep anyarch || echo "no"ne; echo x >/made\n`,
      );
    }, 60_000);
    afterAll(async () => {
      await engine.stop();
    });

    function fillTree(): void {
      mkdirSync(join(tree, 'r'), { recursive: true });
      writeFileSync(join(tree, 'r/00'), '');
    }
    const standIn = (of: string): Uint8Array =>
      withSettings(readFileSync(join(repository, 'build/runtime/linux-amd64/stand-in')), {
        tree: of,
        runtimes: ['runc'],
      });
    const see = () =>
      runGuest(engine, guest, ['sh', '-c', 'ls -d /dev/.anyarch || echo none; ! touch /dev/.anyarch/x']);

    async function build(buildkit: '0' | '1'): Promise<string> {
      const words = [
        'build',
        '--no-cache',
        '--network',
        'none',
        '--progress',
        'plain',
        '--tag',
        'made',
        context,
      ];
      const classic = words.filter((word) => buildkit === '1' || !['--progress', 'plain'].includes(word));
      const environment = { ...process.env, DOCKER_BUILDKIT: buildkit };
      const { stdout, stderr } = await succeed([...engine.client, ...classic], { environment });
      return `${stdout}${stderr}`;
    }

    it('shows the tree to containers and to builds of both kinds, and leaves nothing in the image', async () => {
      expect(await see()).toMatchObject({ exitCode: 0, stdout: '/dev/.anyarch\n' });
      for (const kind of ['0', '1'] as const) {
        expect(await build(kind)).toMatch(/^(#\d+ [\d.]+ )?\.anyarch$/m);
        const archive = join(temporaryDirectory('saved'), 'made.tar');
        await succeed([...engine.client, 'save', '--output', archive, 'made']);
        const list =
          'for layer in $(tar -tf "$0" | grep "/layer.tar$"); do tar -xOf "$0" "$layer" | tar -tf -; done';
        const { stdout } = await run(['sh', '-c', list, archive]);
        expect(stdout).toMatch(/^made$/m);
        expect(stdout).not.toContain('.anyarch');
      }
    });

    it('shows nothing without a tree, or with a program that has none, while the daemon runs on', async () => {
      rmSync(tree, { recursive: true });
      expect(await see()).toMatchObject({ stdout: 'none\n' });
      fillTree();
      expect(await see()).toMatchObject({ stdout: '/dev/.anyarch\n' });
      rmSync(program);
      writeFileSync(program, standIn('/nonexistent'), { mode: 0o755 });
      expect(await see()).toMatchObject({ stdout: 'none\n' });
      expect(await build('1')).toMatch(/^#\d+ [\d.]+ none$/m);
    });
  },
);
