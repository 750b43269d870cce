import { defineCheck } from '../../check.ts';
import { answeringEngines, engineTitle } from '../../facts/engines/engines.ts';
import { silenceVerdict } from './silent-engine.ts';
import type { Remedy, Verdict } from '../../verdict.ts';
import type { Examination } from '../../examination.ts';

export const engineRuntimeMissing = defineCheck({
  id: 'engine-runtime-missing',
  question: 'Is the OCI runtime there that the engine is to use?',
  severity: 'error',
  explanation:
    'Engines start containers by a program of another package, runc or crun. Where the one that is configured is not installed, or is not where the configuration says, no container starts, whatever its architecture.',
  remedy: 'apt install runc, or name another runtime: podman --runtime runc',
  symptoms: ['engine-unreachable', 'no-such-file'],
  scopes: ['docker', 'podman', 'buildah'],
  examine: (examination) => {
    const silent = silenceVerdict(examination, 'no-runtime', ({ name, silence: { said } }) => {
      const runtime = /runtime "?([\w./-]+)"? not found|runtime(?: name)?:? "?([\w./-]+)/.exec(said);
      const wanted = runtime?.[1] ?? runtime?.[2] ?? 'its runtime';
      return {
        summary: `${name} is to start containers by ${wanted}, which is not there`,
        remedies: remedies(wanted),
      };
    });
    return silent.status === 'fault' ? silent : (missingPath(examination) ?? silent);
  },
});

/** An engine that answers, and tells the path of a runtime that is not there. */
function missingPath(examination: Examination): Verdict | undefined {
  const { files } = examination.host;
  const found = answeringEngines(examination).find(
    ({ runtime, elsewhere, rootless }) =>
      elsewhere === undefined &&
      !rootless &&
      runtime?.path !== undefined &&
      files.status(runtime.path) === undefined,
  );
  if (found?.runtime?.path === undefined) return undefined;
  const { name, path } = found.runtime;
  return {
    status: 'fault',
    severity: 'error',
    certainty: 'likely',
    summary: `the runtime ${name} of ${found.name} is not at ${path}`,
    evidence: [`${engineTitle(found)} says: ${name} is ${path}`, `${path} does not exist`],
    remedies: remedies(name),
  };
}

function remedies(runtime: string): [Remedy, ...Remedy[]] {
  const name = runtime.slice(runtime.lastIndexOf('/') + 1);
  const isPackage = ['runc', 'crun', 'youki'].includes(name);
  return [
    {
      does: `install ${isPackage ? name : runtime}, or name a runtime that is there (podman --runtime runc; runtime in containers.conf; default-runtime in daemon.json)`,
      ...(isPackage ? { command: ['apt', 'install', name] } : {}),
      by: 'user',
      needsRoot: true,
    },
  ];
}
