import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.ts';
import { temporaryDirectory } from '../temporary.ts';
import type { Engine } from './engine.ts';
import { runtimeWrapper } from './runtime.ts';

export const podmanClient = '/usr/bin/podman';

/** Rootful podman with a store of its own. */
export function startPodman(): Promise<Engine> {
  const directory = temporaryDirectory('podman');
  const client = [
    podmanClient,
    ['--root', join(directory, 'root')],
    ['--runroot', join(directory, 'run')],
    ['--tmpdir', join(directory, 'tmp')],
    ['--runtime', runtimeWrapper],
    // No systemd is needed for either.
    ['--cgroup-manager', 'cgroupfs', '--events-backend', 'file'],
  ].flat();
  return Promise.resolve({
    client,
    stop: async () => {
      await run([...client, 'rm', '--all', '--force', '--time', '0']);
      // `system reset` would also clear what is not below these directories; unmounting the store is enough.
      await run(['umount', '--lazy', join(directory, 'root/overlay')]);
      rmSync(directory, { recursive: true, force: true });
    },
  });
}
