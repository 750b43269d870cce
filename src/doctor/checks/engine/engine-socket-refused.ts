import { defineCheck } from '../../check.ts';
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
      remedies: [
        {
          does: 'join the group that the socket belongs to, and log in again; that is as good as being root',
          command: ['usermod', '-aG', 'docker', userOf(examination.host.system.environment)],
          by: 'user',
          needsRoot: true,
        },
        {
          does: 'or run the image without a daemon and without root',
          command: ['anyarch', 'run', '--image', examination.image ?? 'REF'],
          by: 'user',
        },
      ],
    })),
});

function userOf({ USER: user, LOGNAME: login }: Readonly<Record<string, string | undefined>>): string {
  return user ?? login ?? 'USER';
}
