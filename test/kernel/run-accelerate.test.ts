import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { anyarch, type CliResult } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busyboxRoot } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describeWith([needs.qemu, needs.apt], 'the tool tree in guests of anyarch run', () => {
  let root: string;
  let home: string;
  const see = 'cat /dev/.anyarch/stub 2>/dev/null || echo none';

  beforeAll(async () => {
    home = temporaryDirectory('home');
    chmodSync(home, 0o755);
    for (const path of ['tool-tree/r', 'tool-tree/abcdef', 'tool-sets/pairings'])
      mkdirSync(join(home, path), { recursive: true });
    writeFileSync(recipe(), 'no recipe that would be understood\n');
    prepareFor('arm64');
    writeFileSync(join(home, 'tool-tree/stub'), 'a native tool\n');
    // A copy, because what is left in it is looked at.
    root = join(temporaryDirectory('root'), 'arm64');
    cpSync(await busyboxRoot(guests.arm64), root, { recursive: true, verbatimSymlinks: true });
    chmodSync(root, 0o755);
  });

  const recipe = () => join(home, 'tool-tree/r/00');

  /** As far as `run` reads it. */
  function prepareFor(debian: string): void {
    const document = { set: 'abcdef', group: 'base', guest: { name: 'stub', debian } };
    writeFileSync(
      join(home, 'tool-sets/pairings/0123456789abcdef.json'),
      JSON.stringify(document, undefined, 1),
    );
  }

  const runGuest = (
    flags: readonly string[],
    command: string,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<CliResult> =>
    anyarch(['run', '--no-fetch', '--rootfs', root, ...flags, '--', 'sh', '-c', command], {
      home,
      environment: {
        ANYARCH_QEMU_DIR: process.env['ANYARCH_TEST_QEMU_DIR'],
        ANYARCH_PLAIN: '0',
        ...environment,
      },
    });

  it.each([[[]], [['--read-only']], [['--user', '5:5']], [['--keep-id']]])(
    'is there with %j',
    async (flags) => {
      expect(await runGuest(flags, see)).toMatchObject({ exitCode: 0, stdout: 'a native tool\n' });
      expect(readdirSync(join(root, 'dev'))).toEqual([]);
    },
  );

  it('is not where it is turned off, or hidden by a volume', async () => {
    const other = temporaryDirectory('other');
    expect((await runGuest(['--no-accelerate'], see)).stdout).toBe('none\n');
    expect((await runGuest([], see, { ANYARCH_ACCELERATE: '0' })).stdout).toBe('none\n');
    expect((await runGuest(['-v', `${other}:/dev/.anyarch`], see)).stdout).toBe('none\n');
  });

  const seen = async (flags: readonly string[] = [], guest = root): Promise<string> =>
    (await runGuest(['--rootfs', guest, ...flags], see)).stdout;

  it('is there for guests whose emulator uses it only', async () => {
    expect(await seen()).toBe('a native tool\n');
    const plain = join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-aarch64');
    for (const flags of [['--no-accelerate'], ['--plain'], ['--qemu', plain], ['-e', 'ANYARCH_ACCELERATE=0']])
      expect({ flags, seen: await seen(flags) }).toEqual({ flags, seen: 'none\n' });
    expect(await seen([], await busyboxRoot(guests.i386))).toBe('none\n');
  });

  it('is not where nothing is prepared for the guest', async () => {
    prepareFor('armhf');
    expect(await seen()).toBe('none\n');
    prepareFor('arm64');
    expect(await seen()).toBe('a native tool\n');
    rmSync(recipe());
    expect(await seen()).toBe('none\n');
    writeFileSync(recipe(), '');
    rmdirSync(join(home, 'tool-tree/abcdef'));
    expect(await seen()).toBe('none\n');
    mkdirSync(join(home, 'tool-tree/abcdef'));
  });

  it('cannot be changed, not by the root of the namespace either', async () => {
    const attack =
      'grep " /dev/.anyarch " /proc/mounts | grep -o "ro,nosuid,nodev"; touch /dev/.anyarch/x; mount -o remount,rw,bind /dev/.anyarch; umount /dev/.anyarch; touch /dev/.anyarch/x; unshare -Urm mount -o remount,rw,bind /dev/.anyarch; touch /dev/.anyarch/x; cat /dev/.anyarch/stub';
    expect((await runGuest([], attack)).stdout).toBe('ro,nosuid,nodev\na native tool\n');
    expect(existsSync(join(home, 'tool-tree/x'))).toBe(false);
  });

  it('leaves nothing among the files of the host', async () => {
    const result = await anyarch(['run', '--no-fetch', '--', 'sh', '-c', see], { home });
    expect(result.stdout).toBe('none\n');
    expect(existsSync('/dev/.anyarch')).toBe(false);
  });
});
