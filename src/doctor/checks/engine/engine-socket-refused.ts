import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import type { EngineName } from '../../facts/engines/engine-name.ts';
import type { Remedy } from '../../verdict.ts';
import { joinGroup } from './join-group.ts';
import { silenceVerdict } from './silent-engine.ts';

export const engineSocketRefused = defineCheck({
  id: 'engine-socket-refused',
  question: 'May this user talk to the engine?',
  severity: 'error',
  explanation:
    'The daemon\'s socket belongs to root and a group. Who is not in that group is refused with "permission denied"; who has joined it has to log in again. Being in the group is as good as being root: an engine without root is the safer way.',
  remedy: 'usermod -aG docker USER and a new login; or podman, which needs no daemon',
  symptoms: ['engine-unreachable', 'permission-denied'],
  scopes: ['docker', 'podman', 'buildah', 'apptainer'],
  references: ['https://docs.docker.com/engine/install/linux-postinstall/'],
  examine: (examination) =>
    silenceVerdict(examination, 'refused', ({ name, endpoint }) => ({
      summary: `this user may not talk to ${name}${endpoint === undefined ? '' : ` at ${endpoint}`}`,
      remedies: remediesFor(examination, name, endpoint),
    })),
});

function remediesFor(
  examination: Examination,
  name: EngineName,
  endpoint: string | undefined,
): [Remedy, ...Remedy[]] {
  const socket = /^unix:\/\/(\/.+)$/.exec(endpoint ?? '')?.[1];
  const does = 'join the group that the socket belongs to, and log in again; that is as good as being root';
  const join = socket === undefined ? undefined : joinGroup(examination, socket, does);
  const asRoot: Remedy = { does: `run ${name} as root`, command: ['sudo', name, 'info'], by: 'user' };
  const { image } = examination;
  if (image === undefined) return [join ?? asRoot];
  const without: Remedy = {
    does: 'run the image without a daemon and without root',
    command: ['anyarch', 'run', '--image', image],
    by: 'user',
  };
  return [join ?? asRoot, without];
}
