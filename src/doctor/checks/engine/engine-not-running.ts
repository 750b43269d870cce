import { defineCheck } from '../../check.ts';
import type { Host } from '../../../host/host.ts';
import type { Remedy } from '../../verdict.ts';
import { silenceVerdict } from './silent-engine.ts';

export const engineNotRunning = defineCheck({
  id: 'engine-not-running',
  question: "Is the engine's daemon running where it is looked for?",
  severity: 'error',
  explanation:
    'Nobody listens at the address that the client was told, by DOCKER_HOST, CONTAINER_HOST, a context or its default: the daemon is not running, or the address is that of another one.',
  remedy: 'systemctl start docker; or unset DOCKER_HOST, or docker context use default',
  symptoms: ['engine-unreachable'],
  scopes: ['docker', 'podman', 'buildah', 'apptainer'],
  examine: (examination) =>
    silenceVerdict(examination, 'not-running', ({ name, endpoint }) => ({
      summary: `nobody answers for ${name}${endpoint === undefined ? '' : ` at ${endpoint}`}`,
      remedies: remediesFor(examination.host, name),
    })),
});

function remediesFor({ system, files }: Host, name: string): [Remedy, ...Remedy[]] {
  const variable = name === 'docker' ? 'DOCKER_HOST' : 'CONTAINER_HOST';
  const address = system.environment[variable];
  const usual = name === 'docker' ? '/var/run/docker.sock' : undefined;
  const start = startOf(files, name, system.uid);
  if (address === undefined) return [start];
  const elsewhere: Remedy = {
    does: `correct ${variable}, which is ${address}, or unset it`,
    ...(usual !== undefined && `unix://${usual}` !== address
      ? { command: ['env', '-u', variable, name, 'info'] }
      : {}),
    by: 'user',
  };
  return [elsewhere, start];
}

function startOf(files: Host['files'], name: string, uid: number): Remedy {
  const service = name === 'docker' ? 'docker' : 'podman.socket';
  const isUsers = name !== 'docker' && uid !== 0;
  if (files.status('/run/systemd/system')?.kind === 'directory')
    return {
      does: 'start it',
      command: ['systemctl', ...(isUsers ? ['--user'] : []), 'start', service],
      by: 'user',
      needsRoot: !isUsers,
    };
  return name === 'docker'
    ? { does: 'start its daemon', command: ['service', 'docker', 'start'], by: 'user', needsRoot: true }
    : { does: 'start its service', command: ['podman', 'system', 'service', '--time', '0'], by: 'user' };
}
