import { defineCheck } from '../../check.ts';
import { commandName } from '../../remedies/register.ts';
import { engineProbe } from '../../facts/engines/engine-probe.ts';
import { answeringEngines, engineTitle, namedEngine } from '../../facts/engines/engines.ts';
import { refusedOf, probeEvidence } from './probe-evidence.ts';

export const engineElsewhere = defineCheck({
  id: 'engine-elsewhere',
  question: 'Where the engine is elsewhere: are foreign programs handled there?',
  severity: 'error',
  explanation:
    "Docker Desktop, colima, podman machine, a context, DOCKER_HOST or --connection let containers run under another kernel, in a virtual machine or on another host. What is registered on this machine then means nothing: that kernel's table counts, so it is asked by executing a probe in a container there.",
  remedy: 'docker run --rm --privileged anyarch ARCH, which registers where the engine is',
  symptoms: ['exec-format-error', 'no-such-file', 'run-as-script'],
  scopes: ['docker', 'podman', 'buildah', 'vm'],
  examine: async (examination) => {
    const far = answeringEngines(examination).filter(({ elsewhere }) => elsewhere !== undefined);
    const [engine] = far;
    if (engine === undefined)
      return { status: 'skipped', reason: 'no engine that answers is known to be elsewhere' };
    const probe = namedEngine(examination) === undefined ? undefined : await engineProbe(examination);
    const where = `${engineTitle(engine)} is elsewhere: ${engine.elsewhere ?? ''}`;
    if (probe?.engine !== engine) return { status: 'ok', evidence: [where, 'nothing was tried there'] };
    const refused = refusedOf(probe);
    const evidence = [where, ...probeEvidence(probe)];
    const [first, ...others] = refused;
    if (first === undefined) return { status: 'ok', evidence };
    const names = [first, ...others].map(commandName);
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `${engine.name} runs containers elsewhere, and ${names.join(', ')} is not handled there`,
      evidence,
      architectures: refused,
      remedies: [
        {
          does: 'register where the engine is, by a container of it',
          command: [engine.name, 'run', '--rm', '--privileged', 'anyarch', 'register', ...names],
          by: 'user',
        },
        { does: 'or run "anyarch register" on that machine', by: 'user' },
      ],
    };
  },
});
