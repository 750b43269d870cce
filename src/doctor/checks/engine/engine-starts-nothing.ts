import { defineCheck } from '../../check.ts';
import { engineProbe } from '../../facts/engines/engine-probe.ts';
import { engineTitle } from '../../facts/engines/engines.ts';
import { engineStorages, isNoexec } from '../../facts/engines/noexec-storage.ts';

export const engineStartsNothing = defineCheck({
  id: 'engine-starts-nothing',
  question: 'Does the engine start containers at all?',
  severity: 'error',
  explanation:
    "A tiny program of the machine's own architecture is executed in a container. Where even that fails, emulation is not the matter: the runtime, control groups, a security module or the storage is.",
  remedy: 'what the engine says when it runs a native container: podman run --rm IMAGE true',
  symptoms: ['engine-unreachable', 'permission-denied', 'namespace-refused', 'runs-nothing'],
  scopes: ['docker', 'podman'],
  examine: async (examination) => {
    const probe = await engineProbe(examination);
    if (probe === undefined) return { status: 'skipped', reason: 'no engine that could be tried was named' };
    const { native, engine } = probe;
    if (engineStorages(examination).some((one) => one.engine === engine && isNoexec(one)))
      return { status: 'skipped', reason: 'its storage is mounted noexec, which is a matter of its own' };
    if (native.kind === 'unknown') return { status: 'unknown', reason: native.reason };
    if (native.kind === 'runs')
      return { status: 'ok', evidence: [`${engineTitle(engine)} ran a native program in a container`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'likely',
      summary: `${engine.name} does not even run native programs`,
      evidence: [
        native.kind === 'refused'
          ? `a native program that exits with 42, in a container: ${native.said}`
          : 'a native program that exits with 42 was said to have ended with 0: nothing has run',
      ],
      remedies: [
        {
          does: `look at what ${engine.name} says of itself`,
          command: [engine.name, 'info'],
          by: 'user',
        },
      ],
    };
  },
});
