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
      const mips = join(directory, 'mips64el.tar');
      await succeed([
        'tar',
        '-C',
        await busyboxRoot(guests.mips64el),
        '--owner=0',
        '--group=0',
        '-cf',
        mips,
        '.',
      ]);
      await succeed([...podman.client, 'import', '--arch', 'mips64le', mips, 'localhost/mips']);
      await succeed([...podman.client, 'push', '-q', 'localhost/mips', `oci:${layout}:mips64el`]);
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
    const before = await bootId();
    const restarted = await succeeded(machine('restart', name, '--json'));
    expect(JSON.parse(restarted.stdout)).toMatchObject({
      stopped: { how: expect.stringMatching(/^(powerdown|ssh)$/) as string },
      started: { name },
    });
    const again = await succeeded(machine('shell', '--no-start', name, '--', 'cat', '/srv/file'));
    expect(again.stdout).toBe('kept\n');
    expect(await bootId()).not.toBe(before);
    await succeeded(machine('remove', name, '--force'));
  });

  // Its SSH server looks for keys in the home only.
  test('boots with the programs of Debian 12, where that is the last release', async () => {
    const image = `oci:${layout}:mips64el`;
    await succeeded(machine('create', name, '-a', 'mips64el', '--image', image, '--user', 'me'));
    const said = await succeeded(machine('shell', name, '--', 'sh', '-c', 'uname -m; pwd'));
    expect(said.stdout).toBe('mips64\n/root\n');
  });

  async function bootId(): Promise<string> {
    return (await succeeded(machine('shell', name, '--', 'cat', '/proc/sys/kernel/random/boot_id'))).stdout;
  }
});
