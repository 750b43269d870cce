import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { run } from '../../support/command.ts';
import { podmanClient } from '../../support/engines/podman.ts';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { busyboxRoot } from '../../support/fixtures/busybox.ts';
import { guests } from '../../support/fixtures/guests.ts';
import { anyarch, mounted } from '../../support/machines/home.ts';
import { useRunningMachine } from '../../support/machines/running-machine.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

describeWith([needs.apt, needs.mmdebstrap, needs.podman], "a machine's engine", () => {
  const { name } = useRunningMachine('engine');
  const url = async (): Promise<string> => {
    const { stdout } = await anyarch(['machine', 'show', name, '--json']);
    return /unix:\/\/[^"\s]+engine\.sock/.exec(stdout)?.[0] ?? '';
  };

  test("runs containers of the host's client on a foreign kernel", async () => {
    const address = await url();
    // For this user only: who reaches it is root in the machine.
    expect(statSync(address.slice('unix://'.length)).mode & 0o777).toBe(0o600);
    const archive = join(temporaryDirectory('engine'), 'root.tar');
    execFileSync('tar', ['-C', await busyboxRoot(guests.arm64), '-cf', archive, '.']);
    const podman = async (...words: string[]) =>
      await run([podmanClient, '--url', address, ...words], { timeoutMs: 300_000 });
    expect(await podman('import', '--arch', 'arm64', archive, 'localhost/root')).toMatchObject({
      exitCode: 0,
    });

    writeFileSync(join(mounted.share, 'for-container'), 'shared\n');
    const ran = await podman(
      ...['run', '--rm', '-v', '/mnt/share:/x', 'localhost/root'],
      ...['sh', '-c', 'uname -m; cat /x/for-container; exit 3'],
    );
    expect(ran).toMatchObject({ exitCode: 3, stdout: 'aarch64\nshared\n' });
    // The kernel is the machine's, not one that an emulator pretends.
    const { stdout } = await podman('run', '--rm', 'localhost/root', 'uname', '-r');
    expect(stdout).toContain('arm64');
    rmSync(archive);
  });

  test('is there again after the machine was, and not in between', async () => {
    const address = await url();
    expect((await anyarch(['machine', 'stop', name, '--save'])).exitCode).toBe(0);
    expect((await run([podmanClient, '--url', address, 'version'], { timeoutMs: 60_000 })).exitCode).not.toBe(
      0,
    );
    expect((await anyarch(['machine', 'start', name])).exitCode).toBe(0);
    const again = await url();
    expect(existsSync(again.slice('unix://'.length))).toBe(true);
    const version = await run([podmanClient, '--url', again, 'version'], { timeoutMs: 120_000 });
    expect(version.stdout).toContain('linux/arm64');
  });
});
