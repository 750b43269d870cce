import type { Host } from '../../../host/host.ts';
import { SystemError } from '../../../host/system-error.ts';
import { pauseProcess } from '../../../rootless/index.ts';
import { fact, type Examination } from '../../examination.ts';
import { engineNames, engineOfTool, isEngineName, type EngineName } from './engine-name.ts';
import { findEngineProgram } from './find-engine-program.ts';
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
  const { host, image } = examination;
  const path = findEngineProgram(host, name);
  if (path === undefined) return { state: 'absent', name, reason: `there is no ${name} in PATH` };
  const isNamed = namedEngine(examination) === name || image !== undefined;
  if (!isNamed && sharesContainersStorage(name) && !isUsedByThisUser(host))
    return {
      state: 'unasked',
      name,
      path,
      reason: `this user has not used ${name} yet, and asking it would make its storage`,
    };
  return looks[name](host, path);
}

/** Asking podman makes its storage and, for an ordinary user, a process that stays. */
function isUsedByThisUser(host: Host): boolean {
  const { uid, environment } = host.system;
  if (uid !== 0) return pauseProcess(host) !== undefined;
  return environment['CONTAINERS_STORAGE_CONF'] !== undefined || exists(host, '/var/lib/containers/storage');
}

function exists({ files }: Pick<Host, 'files'>, path: string): boolean {
  try {
    return files.status(path) !== undefined;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
