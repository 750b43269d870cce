import { chmodSync, cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, succeed, succeeded, type CommandResult } from '../support/command.ts';
import { startPodman } from '../support/engines/podman.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { cacheOf, repository } from '../support/fixtures/cache.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const name = 'container';

describeWith([needs.root, needs.apt, needs.podman], 'a machine of a container image', () => {
  const directory = temporaryDirectory('container-disk');
  const environment = { ...process.env, ANYARCH_HOME: cacheOf('machines-home'), NO_COLOR: '1' };
  const machine = async (...words: readonly string[]): Promise<CommandResult> =>
    await run([join(repository, 'bin/anyarch'), 'machine', ...words], { environment, timeoutMs: 300_000 });
  const layout = join(directory, 'layout');

  beforeAll(async () => {
    const root = join(directory, 'root');
    cpSync(await busyboxRoot(guests.arm64), root, { recursive: true, verbatimSymlinks: true });
    mkdirSync(join(root, 'srv'));
    chmodSync(join(root, 'srv'), 0o1770);
    // A home that is not its user's: no SSH server would believe a file in it.
    mkdirSync(join(root, 'root'), { recursive: true });
    chmodSync(join(root, 'root'), 0o777);
    const archive = join(directory, 'root.tar');
    const others = ['./srv', './root'];
    const own = others.map((one) => `--exclude=${one}`);
    await succeed(['tar', '-C', root, '--owner=0', '--group=0', ...own, '-cf', archive, '.']);
    await succeed(['tar', '-C', root, '--owner=7', '--group=8', '-rf', archive, ...others]);
    const podman = await startPodman();
    try {
      const image = ['--change', 'ENV GREETING="hello you"', archive, 'localhost/test'];
      await succeed([...podman.client, 'import', '--arch', 'arm64', ...image]);
      await succeed([...podman.client, 'push', '-q', 'localhost/test', `oci:${layout}:latest`]);
    } finally {
      await podman.stop();
    }
    await machine('remove', name, '--force');
  });

  afterAll(async () => {
    await machine('remove', name, '--force');
    rmSync(directory, { recursive: true, force: true });
  });

  test("is refused for an image of another machine's architecture", async () => {
    const refused = await machine('create', name, '-a', 's390x', '--image', `oci:${layout}:latest`, '--json');
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toMatch(/ANYARCH_(DISK_ARCHITECTURE|PLATFORM_NOT_FOUND)/);
  });

  test('boots to a shell with the files, owners and variables of the image, and ends in order', async () => {
    const words = ['create', name, '-a', 'arm64', '--image', `oci:${layout}:latest`, '--user', 'me'];
    await succeeded(machine(...words));
    const script =
      'uname -m; echo "$GREETING"; stat -c "%a %u:%g" /srv; id -u; cat /proc/sys/kernel/hostname';
    const said = await succeeded(machine('shell', name, '--', 'sh', '-c', script));
    expect(said.stdout).toBe(`aarch64\nhello you\n1770 7:8\n0\n${name}\n`);
    expect(
      (await machine('shell', name, '--', 'sh', '-c', 'echo kept >/srv/file; sync; exit 7')).exitCode,
    ).toBe(7);
    const stopped = await machine('stop', name, '--json');
    expect(JSON.parse(stopped.stdout)).toMatchObject({
      how: expect.stringMatching(/^(powerdown|ssh)$/) as string,
    });
    const again = await succeeded(machine('shell', name, '--', 'cat', '/srv/file'));
    expect(again.stdout).toBe('kept\n');
    await machine('stop', name, '--force');
  });
});
