import { defineCheck } from '../../check.ts';
import { silenceVerdict } from './silent-engine.ts';

export const engineFails = defineCheck({
  id: 'engine-fails',
  question: 'Does the engine say what it is?',
  severity: 'error',
  explanation:
    'The engine is asked for its state and fails, for a reason of its own: a storage driver that the kernel refuses, a broken configuration, a damaged storage. Nothing about architectures can be found out before that is repaired.',
  remedy: 'what the engine says: podman info, docker info, buildah info',
  symptoms: ['engine-unreachable'],
  scopes: ['docker', 'podman', 'buildah', 'apptainer'],
  examine: (examination) =>
    silenceVerdict(examination, 'failed', ({ name, path, silence: { reason } }) => ({
      // Whatever makes it fail is a cause that another check may know.
      certainty: 'possible',
      summary: `${name} fails: ${reason}`,
      remedies: [
        {
          does: 'repair what it complains about',
          command: name === 'apptainer' ? [path, '--version'] : [name, 'info'],
          by: 'user',
        },
      ],
    })),
});
