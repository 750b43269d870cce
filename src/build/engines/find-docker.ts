import { parseJson } from '../../core/json.ts';
import type { Host } from '../../host/host.ts';
import { ask, fieldsOf } from './ask.ts';
import type { Found } from './engine.ts';

type Parts = Pick<Host, 'processes' | 'system'>;

/** The client alone builds nothing: the daemon is asked. */
export function findDocker(host: Parts): Found {
  const answer = ask(host, ['docker', 'version', '--format', '{{json .}}']);
  if ('reason' in answer) return answer;
  const { Server: server } = fieldsOf(parseJson(answer.text));
  const { Version: version, Components: components } = fieldsOf(server);
  if (typeof version !== 'string') return { reason: 'its daemon does not answer' };
  // Debian's podman-docker, or podman's service behind DOCKER_HOST.
  const parts = Array.isArray(components) ? components.map((one) => fieldsOf(one)['Name']) : [];
  if (parts.includes('Podman Engine')) return { reason: 'it is podman under the name of docker' };
  const security = ask(host, ['docker', 'info', '--format', '{{json .SecurityOptions}}']);
  const isRootless = 'text' in security && security.text.includes('name=rootless');
  return { name: 'docker', version, rootless: isRootless, remote: isRemote(host) };
}

/** The plugin, the daemon, and what its builder is. */
export function findBuildx(host: Parts): Found {
  const version = ask(host, ['docker', 'buildx', 'version']);
  if ('reason' in version) return version;
  const docker = findDocker(host);
  if ('reason' in docker) return docker;
  const inspected = ask(host, ['docker', 'buildx', 'inspect']);
  if ('reason' in inspected) return inspected;
  const { driver, status, platforms } = readBuilder(inspected.text);
  if (driver === undefined) return { reason: 'what "docker buildx inspect" prints cannot be read' };
  if (status === 'error') return { reason: 'its builder is in the status "error": docker buildx inspect' };
  return {
    ...docker,
    name: 'docker-buildx',
    version: /\bv?(\d+\.\d+\S*)/.exec(version.text)?.[1] ?? 'unknown',
    driver,
    remote: docker.remote || driver === 'remote' || driver === 'kubernetes' || driver === 'cloud',
    platforms,
  };
}

/** What `docker buildx inspect` prints for people; it has no other format (buildx 0.13, commands/inspect.go). */
export function readBuilder(text: string): {
  readonly driver: string | undefined;
  readonly status: string | undefined;
  readonly platforms: readonly string[];
} {
  const field = (name: string) => new RegExp(`^${name}:[ \\t]*(\\S.*)$`, 'm').exec(text)?.[1]?.trim();
  const platforms = field('Platforms')?.split(/,\s*/) ?? [];
  return {
    driver: field('Driver'),
    status: field('Status'),
    // A star marks those that were set by hand.
    platforms: platforms.map((one) => one.replace(/\*$/, '')),
  };
}

function isRemote({ system }: Pick<Host, 'system'>): boolean {
  const { DOCKER_HOST: address = '' } = system.environment;
  return address !== '' && !address.startsWith('unix://');
}
