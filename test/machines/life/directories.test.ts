import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { anyarch, cloneMachine, machine, mounted, removeMachine } from '../../support/machines/home.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const name = 'directories';
const added = temporaryDirectory('added');

beforeAll(async () => {
  writeFileSync(join(added, 'file'), 'of the host\n');
  chmodSync(added, 0o755);
  await cloneMachine(name);
});

afterAll(async () => {
  await removeMachine(name);
  rmSync(added, { recursive: true });
});

async function inGuest(script: string): Promise<string> {
  return (await machine('shell', name, '--', 'sh', '-c', script)).stdout.trim();
}

/** The source is told as /mnt/share and /mnt/ro at its first start, by cloud-init. */
const other = ['--mount', `${added}:/src:ro`, '--mount', `${mounted.share}:/mnt/share`];

test('a machine that was saved, or runs, keeps its directories', async () => {
  const saved = await anyarch(['machine', 'set', name, ...other, '--json']);
  expect([saved.exitCode, saved.stdout]).toEqual([1, expect.stringContaining('ANYARCH_STATE_UNUSABLE')]);
  await machine('start', name);
  const running = await anyarch(['machine', 'set', name, ...other, '--json']);
  expect([running.exitCode, running.stdout]).toEqual([1, expect.stringContaining('ANYARCH_MACHINE_RUNNING')]);
  expect(await inGuest("grep -c '^anyarch' /proc/mounts")).toBe('2');
});

test('a stopped one gets others, which its guest mounts at the next boot', async () => {
  await machine('stop', name);
  expect((await machine('set', name, ...other)).stdout).toContain(`${added} at /src`);
  const started = await machine('start', name);
  expect(started.stderr).not.toContain('could not be made to mount');
  expect(await inGuest("awk '$1 ~ /^anyarch/ { print $2 }' /proc/mounts | sort")).toBe('/mnt/share\n/src');
  expect(await inGuest('cat /src/file; touch /src/x 2>&1; systemctl --failed --plain --no-legend')).toMatch(
    /^of the host\n.*Read-only file system$/,
  );
  await inGuest('echo guest >/mnt/share/of-guest');
  // By the guest itself from now on.
  expect(await inGuest("sudo umount /src && sudo mount -a && ls /src; grep -c '^anyarch' /etc/fstab")).toBe(
    'file\n2',
  );
});
