import { homeDirectory } from '../../../host/home-directory.ts';
import type { Host } from '../../../host/host.ts';
import { pauseProcess } from '../../../rootless/index.ts';
import { fact, type Examination } from '../../examination.ts';
import { pathExists } from '../path-exists.ts';
import { engineNames, engineOfTool, isEngineName, type EngineName } from './engine-name.ts';
import { findEngineProgram, isPodman } from './find-engine-program.ts';
import type { AnsweringEngine, LookedAtEngine } from './found-engine.ts';
import {
  lookAtApptainer,
  lookAtBuildah,
  lookAtPodman,
  sharesContainersStorage,
} from './look-at-containers.ts';
import { lookAtDocker } from './look-at-docker.ts';

/** The engine that was named, by the scope or by what printed the message. */
export function namedEngine({ scope, message }: Examination): EngineName | undefined {
  if (isEngineName(scope)) return scope;
  return scope === undefined ? engineOfTool(message?.tool) : undefined;
}

/** The named engine alone; else, in passing, each; none for scopes that are no engine's. */
export const engines = fact((examination): readonly LookedAtEngine[] => {
  const { scope } = examination;
  if (scope !== undefined && !isEngineName(scope)) return [];
  const named = namedEngine(examination);
  return (named === undefined ? engineNames : [named]).map((name) => lookAt(examination, name));
});

export function answeringEngines(examination: Examination): readonly AnsweringEngine[] {
  return engines(examination).filter((one) => one.state === 'answers');
}

/** `docker 28.2.2` */
export function engineTitle({ name, version }: Pick<AnsweringEngine, 'name' | 'version'>): string {
  return `${name} ${version}`;
}

const looks = {
  docker: lookAtDocker,
  podman: lookAtPodman,
  buildah: lookAtBuildah,
  apptainer: lookAtApptainer,
} as const;

function lookAt(examination: Examination, name: EngineName): LookedAtEngine {
  const { host } = examination;
  const path = findEngineProgram(host, name);
  if (path === undefined) return { state: 'absent', name, reason: `there is no ${name} in PATH` };
  const isNamed = namedEngine(examination) === name;
  if (name === 'docker' && isPodman(host, path)) {
    if (isNamed) return lookAtPodman(host, findEngineProgram(host, 'podman') ?? path);
    return { state: 'absent', name, reason: `${path} is podman by another name` };
  }
  if (!isNamed && sharesContainersStorage(name) && !isUsed(examination))
    return {
      state: 'unasked',
      name,
      path,
      reason: `this user has not used ${name} yet, and asking it would make its storage`,
    };
  return looks[name](host, path);
}

/**
 * Whether this user has used podman or buildah: asking one makes its storage and, for an ordinary user, a process that stays. That is only
 * accepted of who has a storage, and asks for an image that may be in it.
 */
function isUsed({ host, image }: Examination): boolean {
  const { uid, environment } = host.system;
  if (image?.startsWith('containers-storage:') === true) return true;
  if (uid === 0)
    return (
      environment['CONTAINERS_STORAGE_CONF'] !== undefined || pathExists(host, '/var/lib/containers/storage')
    );
  if (pauseProcess(host) !== undefined) return true;
  return image !== undefined && !image.startsWith('docker-daemon:') && pathExists(host, userStorage(host));
}

/** Where containers/storage keeps the images of an ordinary user, unless it is told another place. */
function userStorage({ system }: Pick<Host, 'system'>): string {
  const { XDG_DATA_HOME: data = '' } = system.environment;
  const place = data.startsWith('/') ? data : `${homeDirectory(system) ?? ''}/.local/share`;
  return `${place}/containers/storage`;
}
