import { succeed } from '../../command.ts';
import type { Registry } from '../../engines/registry.ts';
import type { Guest } from '../../fixtures/guests.ts';
import { busyboxImage } from '../../fixtures/images.ts';
import { temporaryDirectory } from '../../temporary.ts';

/**
 * Puts an image of the guests' platforms under one name into a registry, by skopeo and podman, with a storage of its own.
 *
 * @returns its reference
 */
export async function pushMultiPlatform(registry: Registry, guests: readonly Guest[]): Promise<string> {
  const directory = temporaryDirectory('multi-platform');
  const podman = ['podman', '--root', `${directory}/root`, '--runroot', `${directory}/run`];
  const reference = `${registry.name}/busybox:latest`;
  const list = 'localhost/list:latest';
  const driver = ['--storage-driver', 'vfs'];
  await succeed([...podman, ...driver, 'manifest', 'create', list]);
  for (const guest of guests)
    await succeed([
      ...[...podman, ...driver, 'manifest', 'add', list],
      `docker-archive:${(await busyboxImage(guest)).file}`,
    ]);
  const push = ['manifest', 'push', '--all', '--format', 'v2s2', '--tls-verify=false'];
  await succeed([...podman, ...driver, ...push, list, `docker://${reference}`]);
  return reference;
}
