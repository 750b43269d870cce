import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../command.ts';
import { temporaryDirectory } from '../temporary.ts';
import { dockerClient, startDocker } from './docker.ts';
import type { Registry } from './registry.ts';
import { runtimeWrapper } from './runtime.ts';

/** An engine as `anyarch build` finds it: by the environment alone, with a storage of its own. */
export interface BuildPlace {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stop: () => Promise<void>;
}

/** Podman and buildah, which share their storage. */
export function startContainers(registry: Pick<Registry, 'name'>): BuildPlace {
  const directory = temporaryDirectory('build');
  const path = (name: string) => join(directory, name);
  writeFileSync(
    path('containers.conf'),
    `[engine]\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\nruntime = "wrapper"\ntmp_dir = "${path('tmp')}"\n` +
      `[engine.runtimes]\nwrapper = ["${runtimeWrapper}"]\n`,
  );
  writeFileSync(
    path('storage.conf'),
    `[storage]\ndriver = "overlay"\ngraphroot = "${path('root')}"\nrunroot = "${path('run')}"\n`,
  );
  writeFileSync(path('registries.conf'), `[[registry]]\nlocation = "${registry.name}"\ninsecure = true\n`);
  mkdirSync(path('docker'));
  writeFileSync(path('docker/config.json'), '{}');
  const environment = {
    CONTAINERS_CONF: path('containers.conf'),
    CONTAINERS_STORAGE_CONF: path('storage.conf'),
    CONTAINERS_REGISTRIES_CONF: path('registries.conf'),
    // Buildah does not read the wrapper's name from containers.conf.
    BUILDAH_RUNTIME: runtimeWrapper,
    REGISTRY_AUTH_FILE: undefined,
    // An empty one, not that of the machine's user.
    DOCKER_CONFIG: path('docker'),
  };
  return {
    environment,
    stop: async () => {
      await run(['umount', '--lazy', path('root/overlay')]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Debian's docker, with a daemon of its own. @param configuration for DOCKER_CONFIG */
export async function startDockerForBuilds(configuration = '/dev/null'): Promise<BuildPlace> {
  const engine = await startDocker();
  const directory = temporaryDirectory('docker-client');
  mkdirSync(join(directory, 'bin'));
  symlinkSync(dockerClient, join(directory, 'bin/docker'));
  return {
    environment: {
      PATH: `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`,
      DOCKER_HOST: engine.client.at(-1),
      DOCKER_CONFIG: configuration,
    },
    stop: async () => {
      await engine.stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
