import { defineCheck } from '../../check.ts';
import { engines, namedEngine } from '../../facts/engines/engines.ts';
import type { Remedy } from '../../verdict.ts';
import type { EngineName } from '../../facts/engines/engine-name.ts';

export const engineMissing = defineCheck({
  id: 'engine-missing',
  question: 'Is the engine installed?',
  severity: 'error',
  explanation:
    'The engine that was named is not in PATH. Shells then say "command not found"; inside of containers and under sudo the PATH is another one.',
  remedy: 'apt install podman, or: anyarch run --image REF, which needs no engine',
  symptoms: ['engine-unreachable', 'no-such-file'],
  examine: (examination) => {
    const named = namedEngine(examination);
    if (named === undefined) return { status: 'skipped', reason: 'no engine was named' };
    const [looked] = engines(examination);
    if (looked?.state !== 'absent') return { status: 'ok', evidence: [`${named} is ${looked?.path ?? ''}`] };
    return {
      status: 'fault',
      severity: 'error',
      // A message that it has printed was printed elsewhere, or with another PATH.
      certainty: examination.message === undefined ? 'proven' : 'possible',
      summary: looked.reason,
      evidence: [`PATH is ${examination.host.system.environment['PATH'] ?? 'not set'}`],
      remedies: remedies(named, examination.image),
    };
  },
});

function remedies(name: EngineName, image: string | undefined): [Remedy, ...Remedy[]] {
  const install: Remedy = {
    does: `install ${name}`,
    command: ['apt', 'install', packages[name]],
    by: 'user',
    needsRoot: true,
  };
  if (image === undefined) return [install];
  const command = ['anyarch', 'run', '--image', image];
  return [{ does: 'run the image without an engine', command, by: 'user' }, install];
}

/** Debian's. */
const packages: Readonly<Record<EngineName, string>> = {
  docker: 'docker.io',
  podman: 'podman',
  buildah: 'buildah',
  apptainer: 'apptainer',
};
