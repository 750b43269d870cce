import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import {
  buildEngineNames,
  type BuildEngine,
  type BuildEngineName,
  type Candidate,
  type Found,
} from './engine.ts';
import { findBuildah, findPodman } from './find-containers.ts';
import { findBuildx, findDocker } from './find-docker.ts';

type Parts = Pick<Host, 'processes' | 'system'>;

const strategies: Readonly<Record<BuildEngineName, (host: Parts) => Found>> = {
  'docker-buildx': findBuildx,
  podman: findPodman,
  buildah: findBuildah,
  docker: findDocker,
};

/**
 * The first engine that answers.
 *
 * @param wanted `docker` means either of docker's
 * @throws AnyarchError ANYARCH_ENGINE_NOT_FOUND with the reason of each
 */
export function findBuildEngine(
  host: Parts,
  wanted?: 'docker' | 'podman' | 'buildah',
): { readonly engine: BuildEngine; readonly candidates: readonly Candidate[] } {
  const tried = buildEngineNames.filter((name) => wanted === undefined || familyOf(name) === wanted);
  const candidates: Candidate[] = [];
  for (const [position, name] of tried.entries()) {
    const found = strategies[name](host);
    if ('reason' in found) {
      candidates.push({ engine: name, verdict: 'rejected', reason: found.reason });
      continue;
    }
    const rest = tried.slice(position + 1).map((engine): Candidate => {
      return { engine, verdict: 'not tried', reason: `${name} comes before it` };
    });
    const chosen: Candidate = { engine: name, verdict: 'chosen', reason: `version ${found.version}` };
    return { engine: found, candidates: [...candidates, chosen, ...rest] };
  }
  const reasons = candidates.map(({ engine, reason }) => `${engine}: ${reason}`);
  throw new AnyarchError('ANYARCH_ENGINE_NOT_FOUND', `no engine here builds images (${reasons.join('; ')})`, {
    hint:
      wanted === undefined
        ? 'install podman or buildah, which need no daemon: apt install podman'
        : `leave --engine ${wanted} out to have others looked for`,
    details: { rejected: reasons },
  });
}

function familyOf(name: BuildEngineName): 'docker' | 'podman' | 'buildah' {
  return name === 'docker-buildx' ? 'docker' : name;
}
