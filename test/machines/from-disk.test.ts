import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, succeed, succeeded, type CommandResult } from '../support/command.ts';
import { makeDisk, toQcow2 } from '../support/disks/disk.ts';
import { makeFileSystem } from '../support/disks/file-systems.ts';
import { makeLogicalVolume } from '../support/disks/logical-volume.ts';
import { startDocker } from '../support/engines/docker.ts';
import { startPodman } from '../support/engines/podman.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { cacheOf, repository } from '../support/fixtures/cache.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

interface Report {
  readonly platform: { readonly architecture: string };
  readonly disk: { readonly root: { readonly type: string; readonly subvolume?: string } };
  readonly warnings: readonly string[];
}

describeWith([needs.root, needs.apt, needs.docker, needs.podman], 'image from-disk', () => {
  const directory = temporaryDirectory('from-disk');
  const place = (name: string) => join(directory, name);
  const environment = { ...process.env, ANYARCH_HOME: cacheOf('machines-home'), NO_COLOR: '1' };
  const anyarch = async (...words: readonly string[]): Promise<CommandResult> =>
    await run([join(repository, 'bin/anyarch'), ...words], { environment, timeoutMs: 300_000 });
  const fromDisk = async (disk: string, output: string, ...words: readonly string[]): Promise<Report> => {
    const made = await succeeded(
      anyarch('image', 'from-disk', place(disk), '-o', place(output), '--json', ...words),
    );
    return JSON.parse(made.stdout) as Report;
  };
  const refusal = async (disk: string): Promise<string> => {
    const refused = await anyarch('image', 'from-disk', place(disk), '-o', place('refused'), '--json');
    expect(refused.exitCode).toBe(1);
    expect(existsSync(place('refused'))).toBe(false);
    return refused.stdout;
  };

  beforeAll(async () => {
    const root = place('root');
    cpSync(await busyboxRoot(guests.riscv64), root, { recursive: true, verbatimSymlinks: true });
    writeFileSync(join(root, 'root/secret'), 'kept\n', { mode: 0o600 });
    mkdirSync(join(root, 'boot'));
    writeFileSync(join(root, 'tmp/left-out'), '');
    // What is not on this disk, and what would not be a place.
    writeFileSync(
      join(root, 'etc/fstab'),
      'UUID=00000000-0000 /data ext4 defaults 0 2\n/dev/sda1 none swap sw 0 0\n',
    );
    mkdirSync(place('subvolumes'));
    cpSync(root, place('subvolumes/@'), { recursive: true, verbatimSymlinks: true });
    await makeFileSystem('ext4', root, place('ext4'));
    await makeFileSystem('xfs', root, place('xfs'));
    await makeFileSystem('btrfs', place('subvolumes'), place('btrfs'));
    await makeDisk(place('xfs.raw'), [place('xfs')]);
    await toQcow2(place('xfs.raw'), place('xfs.qcow2'));
    await makeDisk(place('btrfs.raw'), [place('btrfs')]);
    await makeDisk(place('two.raw'), [place('ext4'), place('ext4')]);
    makeLogicalVolume(place('volume'), place('ext4'));
    await makeDisk(place('volume.raw'), [place('volume')]);
    // The first use makes the helper of packages, which is not what a test waits for.
    await anyarch('image', 'from-disk', place('ext4'), '-o', place('first.oci'));
  });

  afterAll(() => {
    rmSync(directory, { recursive: true, force: true });
  });

  test('makes an image for docker of a qcow2 disk with xfs, for the architecture of its programs', async () => {
    const before = readFileSync(place('xfs.qcow2'));
    const made = await fromDisk('xfs.qcow2', 'xfs.tar', '--format', 'docker-archive');
    expect(made).toMatchObject({ platform: { architecture: 'riscv64' }, disk: { root: { type: 'xfs' } } });
    expect(made.warnings).toEqual([expect.stringContaining('/data is not in the image')]);
    expect(readFileSync(place('xfs.qcow2')).equals(before)).toBe(true);
    for (const start of [startDocker, startPodman]) {
      const engine = await start();
      try {
        const loaded = await succeed([...engine.client, 'load', '-i', place('xfs.tar')]);
        expect(loaded.stdout).toContain('localhost/xfs:latest');
        const form = '{{.Architecture}} {{.Os}} {{json .Config.Cmd}}';
        const shown = await succeed([
          ...engine.client,
          'image',
          'inspect',
          '-f',
          form,
          'localhost/xfs:latest',
        ]);
        expect(shown.stdout.trim()).toBe('riscv64 linux ["/bin/sh"]');
      } finally {
        await engine.stop();
      }
    }
  });

  test('finds a system in a subvolume of btrfs, and its programs run', async () => {
    const made = await fromDisk('btrfs.raw', 'btrfs.oci');
    expect(made.disk.root).toMatchObject({ type: 'btrfs', subvolume: '@' });
    const script = 'uname -m; cat /root/secret; stat -c "%a %u" /root/secret; ls /tmp';
    const ran = await succeeded(
      anyarch('run', '--image', `oci-archive:${place('btrfs.oci')}`, '--', 'busybox', 'sh', '-c', script),
    );
    expect(ran.stdout).toBe('riscv64\nkept\n600 0\n');
  });

  test('reads a logical volume, and a disk without partitions', async () => {
    expect((await fromDisk('volume.raw', 'layout', '--format', 'oci')).disk.root).toMatchObject({
      device: '/dev/mapper/vg0-root',
      type: 'ext4',
    });
    expect(existsSync(place('layout/oci-layout'))).toBe(true);
    expect((await fromDisk('ext4', 'whole.oci')).disk.root).toEqual({ device: '/dev/vda', type: 'ext4' });
  });

  test('wants to be told which of two systems', async () => {
    const refused = await refusal('two.raw');
    expect(refused).toContain('ANYARCH_DISK_INVALID');
    expect(refused).toContain('--partition 1');
    const made = await fromDisk('two.raw', 'second.oci', '--partition', '2');
    expect(made.disk.root).toEqual({ device: '/dev/vda2', type: 'ext4' });
  });

  test('refuses what it cannot read, and says what that is', async () => {
    writeFileSync(place('empty'), '');
    expect(await refusal('empty')).toContain('is empty');
    writeFileSync(place('zeros'), '');
    truncateSync(place('zeros'), 1 << 20);
    expect(await refusal('zeros')).toContain('ANYARCH_DISK_INVALID');
    // The rest of a file that was cut off reads as zeros.
    copyFileSync(place('xfs.qcow2'), place('cut.qcow2'));
    truncateSync(place('cut.qcow2'), 300_000);
    expect(await refusal('cut.qcow2')).toContain('in the middle of its data');
    copyFileSync(place('two.raw'), place('cut.raw'));
    truncateSync(place('cut.raw'), 20 << 20);
    expect(await refusal('cut.raw')).toContain('shorter than its partition table says');
    await succeed([
      'qemu-img',
      'create',
      '-q',
      '-f',
      'qcow2',
      '-b',
      place('xfs.raw'),
      '-F',
      'raw',
      place('over.qcow2'),
    ]);
    expect(await refusal('over.qcow2')).toContain('qemu-img convert');
    writeFileSync(place('encrypted'), Buffer.from('4c554b53babe0002', 'hex'));
    truncateSync(place('encrypted'), 16 << 20);
    expect(await refusal('encrypted')).toContain('is encrypted');
  });
});
