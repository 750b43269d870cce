import type { Host } from '../../../host/host.ts';
import { defineCheck } from '../../check.ts';
import type { EngineName } from '../../facts/engines/engine-name.ts';
import type { Remedy } from '../../verdict.ts';
import { silenceVerdict } from './silent-engine.ts';

export const engineHangs = defineCheck({
  id: 'engine-hangs',
  question: 'Does the engine answer in time?',
  severity: 'error',
  explanation:
    'The engine is there, takes the question, and gives no answer within seconds: its daemon is stopped, waits for a lock or for a storage that hangs. Every command then hangs, too.',
  remedy: 'systemctl restart docker, or kill -CONT PID of a daemon that was stopped',
  // What hangs has printed nothing when it is ended.
  symptoms: ['engine-unreachable', 'guest-hang', 'runs-nothing'],
  scopes: ['docker', 'podman', 'buildah', 'apptainer'],
  examine: (examination) =>
    silenceVerdict(examination, 'hangs', ({ name, endpoint }) => ({
      summary: `${name} does not answer${endpoint === undefined ? '' : ` at ${endpoint}`}`,
      remedies: remediesFor(examination.host, name, endpoint),
    })),
});

function remediesFor(
  { files, system }: Host,
  name: EngineName,
  endpoint: string | undefined,
): [Remedy, ...Remedy[]] {
  if (name !== 'docker')
    return [{ does: 'look which of its processes waits for a lock, and end that', by: 'user' }];
  const look: Remedy = {
    does: 'look whether its daemon is stopped (T) or blocked (D), then continue it with kill -CONT, or restart it',
    command: ['ps', '-o', 'pid,stat,wchan:30,args', '-C', 'dockerd'],
    by: 'user',
  };
  const { DOCKER_HOST: address = '' } = system.environment;
  if (address !== '')
    return [
      { does: `correct DOCKER_HOST, which is ${address}, or restart the daemon there`, by: 'user' },
      look,
    ];
  // The service is the daemon of the usual socket, and of no other.
  const isService =
    endpoint !== undefined &&
    /^unix:\/\/(\/var)?\/run\/docker\.sock$/.test(endpoint) &&
    files.status('/run/systemd/system')?.kind === 'directory';
  if (!isService) return [look];
  const restart: Remedy = {
    does: 'restart its daemon',
    command: ['systemctl', 'restart', 'docker'],
    by: 'user',
    needsRoot: true,
  };
  return [restart, look];
}
