import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { engineProbe, type EngineProbe } from '../../facts/engines/engine-probe.ts';
import { answeringEngines, engineTitle } from '../../facts/engines/engines.ts';
import type { AnsweringEngine } from '../../facts/engines/found-engine.ts';
import { farEngine } from '../../facts/far-engine.ts';
import { commandName } from '../../remedies/register.ts';
import type { Symptom } from '../../symptom.ts';
import type { Verdict } from '../../verdict.ts';
import { registerThere } from './register-there.ts';
import { refusedOf, probeEvidence } from './probe-evidence.ts';

const symptoms: readonly Symptom[] = ['exec-format-error', 'no-such-file', 'run-as-script'];

export const engineElsewhere = defineCheck({
  id: 'engine-elsewhere',
  question: 'Where the engine is elsewhere: are foreign programs handled there?',
  severity: 'error',
  explanation:
    "Docker Desktop, colima, podman machine, a context, DOCKER_HOST or --connection let containers run under another kernel, in a virtual machine or on another host. What is registered on this machine then means nothing: that kernel's table counts, so it is asked by executing a probe in a container there.",
  remedy:
    'docker run --rm --privileged anyarch register ARCH, once its image is there: that registers where the engine is',
  symptoms,
  scopes: ['docker', 'podman', 'buildah'],
  examine: async (examination) => {
    const [engine] = answeringEngines(examination).filter(({ elsewhere }) => elsewhere !== undefined);
    if (engine === undefined)
      return { status: 'skipped', reason: 'no engine that answers is known to be elsewhere' };
    const probe = await engineProbe(examination);
    const tried = probe?.engine === engine ? probe : undefined;
    const evidence = [
      `${engineTitle(engine)} is elsewhere: ${engine.elsewhere ?? ''}`,
      ...(tried === undefined || tried.foreign.size === 0
        ? ['nothing was tried there']
        : probeEvidence(tried)),
    ];
    const refused = tried === undefined ? [] : refusedOf(tried);
    if (refused.length > 0) return refusedThere(engine, refused, evidence);
    return isUnexplained(examination, engine, tried)
      ? unknownThere(examination, engine, evidence)
      : { status: 'ok', evidence };
  },
});

function refusedThere(
  engine: AnsweringEngine,
  refused: readonly string[],
  evidence: readonly string[],
): Verdict {
  return {
    status: 'fault',
    severity: 'error',
    certainty: 'proven',
    summary: `${engine.name} runs containers elsewhere, and ${refused.map(commandName).join(', ')} is not handled there`,
    evidence,
    architectures: refused,
    remedies: registerThere(engine, refused),
  };
}

/** A message of one of its containers, and nothing was tried there that speaks against it. */
function isUnexplained(
  examination: Examination,
  engine: AnsweringEngine,
  tried: EngineProbe | undefined,
): boolean {
  if (farEngine(examination) !== engine) return false;
  if (examination.message?.symptoms.some((one) => symptoms.includes(one)) !== true) return false;
  const kind = tried?.native.kind;
  if (kind === 'refused' || kind === 'runs-nothing') return false;
  const asked = foreignConcerned(examination);
  return asked.length === 0 || !asked.every((one) => tried?.foreign.get(one)?.kind === 'runs');
}

function unknownThere(
  examination: Examination,
  engine: AnsweringEngine,
  evidence: readonly string[],
): Verdict {
  const asked = foreignConcerned(examination);
  const what = asked.length === 0 ? 'the architecture that failed' : asked.map(commandName).join(', ');
  return {
    status: 'fault',
    severity: 'error',
    certainty: 'likely',
    summary: `${engine.name} runs containers elsewhere, where ${what} may not be registered`,
    evidence: [...evidence, 'what is registered on this machine does not count there'],
    ...(asked.length === 0 ? {} : { architectures: asked }),
    remedies: registerThere(engine, asked),
  };
}
