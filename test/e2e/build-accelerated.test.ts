import { copyFileSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeFailure } from '../support/command.ts';
import { startContainers, type BuildPlace } from '../support/engines/build-engines.ts';
import { anyarch, type CliResult } from '../support/engines/cli.ts';
import { useHostTable } from '../support/engines/host-table.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { guestRoot } from '../support/guest-roots/guest-root.ts';
import { preparedState } from '../support/guest-roots/prepared-state.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** With Debian's own dash, sed and what these load: the whole root would take longer to copy than to build on. */
async function writeContext(directory: string): Promise<void> {
  const [from, to] = [await guestRoot('dev'), join(directory, 'root')];
  const libraries = 'usr/lib/aarch64-linux-gnu';
  for (const path of ['usr/bin', libraries, 'tmp', 'etc']) mkdirSync(join(to, path), { recursive: true });
  for (const name of ['dash', 'sed', 'uname'])
    copyFileSync(join(from, 'usr/bin', name), join(to, 'usr/bin', name));
  for (const name of readdirSync(join(from, libraries)))
    if (/^(libc|libacl|libselinux|libpcre2-8|ld-linux-aarch64)\.so\.\d/.test(name))
      cpSync(join(from, libraries, name), join(to, libraries, name), { verbatimSymlinks: true });
  symlinkSync('aarch64-linux-gnu/ld-linux-aarch64.so.1', join(to, 'usr/lib/ld-linux-aarch64.so.1'));
  for (const [name, target] of [
    ['bin', 'usr/bin'],
    ['lib', 'usr/lib'],
    ['usr/bin/sh', 'dash'],
  ] as const)
    symlinkSync(target, join(to, name));
  const run = 'RUN uname -m > /machine; for i in 1 2 3 4 5; do echo $i | sed "s/^/n/" > /$i; done';
  writeFileSync(join(directory, 'Dockerfile'), `FROM scratch\nCOPY root/ /\n${run}\n`);
}

interface Built {
  readonly platforms: readonly { readonly verified?: { readonly verdict: string } }[];
  readonly acceleration?: {
    readonly programs: readonly { readonly path: string; readonly substituted: number }[];
  };
}

describeWith(
  [needs.root, needs.apt, needs.qemu, needs.hostTable, needs.podman, needs.buildah],
  'an accelerated build',
  () => {
    const table = useHostTable();
    let place: BuildPlace;
    let home: string;
    let context: string;

    const cli = (...args: readonly string[]): Promise<CliResult> =>
      anyarch(args, { home, environment: { ...place.environment, ANYARCH_PLAIN: '0' } });

    beforeAll(async () => {
      // Other tests of this project use emulators as they come.
      vi.stubEnv('ANYARCH_PLAIN', '0');
      place = startContainers({ name: 'registry.invalid' });
      home = await preparedState();
      context = temporaryDirectory('accelerated');
      await writeContext(context);
      const registered = await cli('register', 'arm64');
      if (registered.exitCode !== 0) throw new Error(describeFailure(registered));
    });

    afterAll(async () => {
      vi.unstubAllEnvs();
      await cli('unregister', 'arm64');
      await place.stop();
      table.expectUnchanged();
    });

    async function build(engine: string, ...options: readonly string[]): Promise<Built> {
      const words = ['build', '--json', '--engine', engine, '--platform', 'arm64', '-t', 'app:1', ...options];
      const result = await cli(...words, context, '--', '--network', 'none');
      if (result.exitCode !== 0) throw new Error(describeFailure(result));
      return result.json() as Built;
    }

    const nativeSeds = ({ acceleration }: Built) =>
      acceleration?.programs.find(({ path }) => path.endsWith('/sed'))?.substituted ?? 0;

    test.each(['podman', 'buildah'])(
      'with %s runs tools natively, and nothing in the image differs',
      async (engine) => {
        const built = await build(engine, '--verify', '--no-cache');
        expect(nativeSeds(built)).toBe(5);
        expect(built.platforms[0]?.verified?.verdict).toBe('same');
      },
    );

    test('runs nothing natively where that is not wanted', async () => {
      expect(nativeSeds(await build('podman', '--no-accelerate', '--no-cache'))).toBe(0);
    });
  },
);
