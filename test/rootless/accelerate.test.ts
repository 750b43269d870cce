import { mkdirSync, writeFileSync, chownSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { containersUser, type ContainersUser } from '../support/engines/containers-user.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { userIds } from '../support/engines/user.ts';
import { guests } from '../support/fixtures/guests.ts';
import { busyboxImage } from '../support/fixtures/images.ts';

/** Runs natively here: what is tested is what containers see. */
const guest = guests.i386;

describeWith([needs.root, needs.apt, needs.podman, needs.buildah], 'anyarch accelerate for a user', () => {
  let user: ContainersUser;
  let state: string;

  beforeAll(async () => {
    user = await containersUser([guest]);
    state = join(user.home.environment['XDG_DATA_HOME'] ?? '', 'anyarch');
    const { uid, gid } = userIds(user.home.user);
    for (const path of ['', 'tool-tree', 'tool-tree/r']) {
      mkdirSync(join(state, path), { recursive: true });
      chownSync(join(state, path), uid, gid);
    }
    writeFileSync(join(state, 'tool-tree/r/00'), '');
    writeFileSync(join(state, 'tool-tree/stub'), 'a native tool\n');
  });
  afterAll(async () => {
    await user.stop();
  });

  const see = (flags: readonly string[] = [], command = ['cat', '/dev/.anyarch/stub']) =>
    user.podmanRun(guest, command, flags);

  async function build(
    engine: 'podman' | 'buildah',
    flags: readonly string[] = ['--network', 'none'],
  ): Promise<string> {
    const { reference } = await busyboxImage(guest);
    const context = join(user.home.directory, 'context');
    mkdirSync(context, { recursive: true });
    writeFileSync(
      join(context, 'Containerfile'),
      `FROM ${reference}\nRUN cat /dev/.anyarch/stub || echo none; echo x >/made\n`,
    );
    const words = [
      'build',
      '--no-cache',
      '--pull=never',
      '--platform',
      guest.platform,
      '--tag',
      'made',
      ...flags,
      context,
    ];
    const { stdout, stderr } = await user.as([engine, ...words]);
    return `${stdout}${stderr}`;
  }

  it('shows nothing before', async () => {
    expect(await see()).toMatchObject({ exitCode: 1, stdout: '' });
  });

  it('shows the tree to containers and builds of podman and buildah', async () => {
    const before = user.listing();
    const enabled = await user.anyarch(['accelerate', 'enable', 'podman', 'buildah']);
    expect(enabled).toMatchObject({ exitCode: 0 });
    expect(await see()).toMatchObject({ exitCode: 0, stdout: 'a native tool\n' });
    expect(await build('podman')).toContain('a native tool');
    expect(await build('buildah')).toContain('a native tool');
    // Nothing of it is in the layer.
    const mounted = await user.as([
      'podman',
      'unshare',
      'sh',
      '-c',
      'd=$(podman image mount made) && ls -a $d/dev && ls $d/made',
    ]);
    expect(mounted.stdout).toContain('/made');
    expect(mounted.stdout).not.toContain('.anyarch');
    const disabled = await user.anyarch(['accelerate', 'disable']);
    expect(disabled).toMatchObject({ exitCode: 0 });
    expect(user.listing()).toEqual(before);
    expect(await see()).toMatchObject({ exitCode: 1, stdout: '' });
    expect(await build('buildah')).toContain('none');
  });

  it('gives a container nothing, and keeps none from starting', async () => {
    await user.anyarch(['accelerate', 'enable', 'podman']);
    const script =
      'grep " /dev/.anyarch " /proc/mounts | grep -o "ro,nosuid,nodev"; touch /dev/.anyarch/x; mount -o remount,rw /dev/.anyarch; umount /dev/.anyarch; rm -rf /dev/.anyarch';
    const tried = await see([], ['sh', '-c', script]);
    expect(tried.stdout.split('\n')[0]).toBe('ro,nosuid,nodev');
    expect(existsSync(join(state, 'tool-tree/x'))).toBe(false);
    expect(existsSync(join(state, 'tool-tree/stub'))).toBe(true);
    for (const flags of [['--read-only'], ['--user', '5:5']])
      expect(await see(flags)).toMatchObject({ exitCode: 0, stdout: 'a native tool\n' });
    for (const flags of [
      ['-v', '/dev:/dev'],
      // The home is closed to the ids of another namespace.
      ['--userns', 'keep-id'],
      ['--privileged'],
      ['--cap-add', 'SYS_ADMIN'],
      ['-e', 'ANYARCH_ACCELERATE=0'],
      ['-v', '/mnt:/dev/.anyarch'],
    ])
      expect(await see(flags, ['sh', '-c', 'cat /dev/.anyarch/stub || echo none'])).toMatchObject({
        exitCode: 0,
        stdout: 'none\n',
      });
    expect(await build('buildah', ['--isolation', 'chroot'])).toContain('none');
    expect(existsSync('/dev/.anyarch')).toBe(false);
    await user.as(['mv', join(state, 'tool-tree'), join(state, 'gone')]);
    expect(await see([], ['echo', 'started'])).toMatchObject({ exitCode: 0, stdout: 'started\n' });
    await user.anyarch(['accelerate', 'disable']);
  });
});
