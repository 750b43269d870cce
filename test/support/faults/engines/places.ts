import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, succeed } from '../../command.ts';
import { temporaryDirectory } from '../../temporary.ts';
import { startContainers } from '../../engines/build-engines.ts';
import { containersUser } from '../../engines/containers-user.ts';
import { dockerClient, startDocker } from '../../engines/docker.ts';
import { runtimeWrapper } from '../../engines/runtime.ts';
import { asUser } from '../../engines/user.ts';
import type { Guest } from '../../fixtures/guests.ts';
import { busyboxImage } from '../../fixtures/images.ts';
import type { EnginePlace } from './engine-place.ts';

export interface DockerPlace extends EnginePlace {
  /** Path of the daemon's socket. */
  readonly socket: string;
  /** Path of the file with the daemon's number. */
  readonly pidFile: string;
}

/** Debian's docker: a daemon of its own, with the guests' images. */
export async function startDockerPlace(guests: readonly Guest[]): Promise<DockerPlace> {
  const engine = await startDocker();
  for (const guest of guests)
    await succeed([...engine.client, 'load', '--input', (await busyboxImage(guest)).file]);
  const address = engine.client.at(-1) ?? '';
  const socket = address.replace('unix://', '');
  return {
    environment: { DOCKER_HOST: address, DOCKER_CONFIG: temporaryDirectory('docker-client') },
    programs: [dockerClient],
    socket,
    pidFile: socket.replace(/docker\.sock$/, 'dockerd.pid'),
    stop: () => engine.stop(),
  };
}

/** Rootful podman and buildah with a storage of their own and the guests' images. */
export async function startPodmanPlace(guests: readonly Guest[]): Promise<EnginePlace> {
  const { environment, stop } = startContainers({ name: '127.0.0.1:1' });
  const all = { ...process.env, ...environment };
  for (const guest of guests)
    await succeed(['podman', 'load', '--quiet', '--input', (await busyboxImage(guest)).file], {
      environment: all,
    });
  return {
    environment,
    stop: async () => {
      await run(['podman', 'rm', '--all', '--force', '--time', '0'], { environment: all });
      await stop();
    },
  };
}

export interface VfsPlace extends EnginePlace {
  readonly configuration: string;
  /** A tmpfs of its own. */
  readonly storage: string;
}

/** Rootful podman whose containers lie where its storage is mounted, without overlays. */
export async function startVfsPodman(guest: Guest): Promise<VfsPlace> {
  const directory = temporaryDirectory('podman-vfs');
  const storage = join(directory, 'storage');
  const configuration = join(directory, 'containers.conf');
  writeFileSync(configuration, containersConfiguration(directory, 'wrapper'));
  const storageConfiguration = join(directory, 'storage.conf');
  writeFileSync(
    storageConfiguration,
    `[storage]\ndriver = "vfs"\ngraphroot = "${storage}"\nrunroot = "${directory}/run"\n`,
  );
  await succeed(['mkdir', storage]);
  await succeed(['mount', '-t', 'tmpfs', 'anyarch-test', storage]);
  const environment = {
    CONTAINERS_CONF: configuration,
    CONTAINERS_STORAGE_CONF: storageConfiguration,
  };
  const all = { ...process.env, ...environment };
  const { file } = await busyboxImage(guest);
  await succeed(['podman', 'load', '--quiet', '--input', file], { environment: all });
  return {
    environment,
    configuration,
    storage,
    stop: async () => {
      await run(['podman', 'rm', '--all', '--force', '--time', '0'], { environment: all });
      await succeed(['umount', '--lazy', storage]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** @param runtime `wrapper` is the one that test machines need */
export function containersConfiguration(directory: string, runtime: string): string {
  return (
    `[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "${runtime}"\n` +
    `tmp_dir = "${directory}/tmp"\n[engine.runtimes]\nwrapper = ["${runtimeWrapper}"]\n`
  );
}

/** Podman of an unprivileged user, with the guests' images; anyarch as it is installed. */
export async function startRootlessPodman(guests: readonly Guest[]): Promise<EnginePlace> {
  const user = await containersUser(guests);
  const { directory, environment } = user.home;
  return {
    environment: {
      ...environment,
      ANYARCH_HOME: undefined,
      PATH: `${user.executable.replace(/\/anyarch$/, '')}:${process.env['PATH'] ?? ''}`,
    },
    place: (command) => asUser(['env', '-C', directory, ...command]),
    stop: () => user.stop(),
  };
}
