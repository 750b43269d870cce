import { defineCheck } from '../../check.ts';
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
      remedies: [
        {
          does:
            name === 'docker'
              ? 'look whether its daemon is stopped or blocked (ps -o stat,wchan:30,args -C dockerd), then continue or restart it'
              : 'look which of its processes waits for a lock, and end that',
          ...(name === 'docker' ? { command: ['systemctl', 'restart', 'docker'] } : {}),
          by: 'user',
          needsRoot: true,
        },
      ],
    })),
});
