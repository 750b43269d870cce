import { remedies, type Condition } from '../../../private-table/index.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { conditionOf, privateTables } from '../../facts/private-tables.ts';
import type { Remedy, Verdict } from '../../verdict.ts';
import { rootNeedsNone, severityFor } from './severity.ts';

export const idMapProgramsMissing = defineCheck({
  id: 'id-map-programs-missing',
  question: 'Are newuidmap and newgidmap installed?',
  severity: 'error',
  explanation:
    "A user may map the own id into a namespace, and more only by newuidmap and newgidmap (package uidmap). Without them an image's files of other owners cannot be unpacked: rootless podman, buildah, docker and anyarch run --image need them.",
  remedy: 'as root: apt-get install uidmap, or: dnf install shadow-utils',
  symptoms: ['ids-not-mapped'],
  references: ['https://man7.org/linux/man-pages/man1/newuidmap.1.html'],
  examine: (examination) => idMapProgramsMissingIn(examination, privateTables(examination)),
});

export function idMapProgramsMissingIn(examination: Examination, conditions: readonly Condition[]): Verdict {
  const condition = conditionOf(conditions, 'id-map-programs');
  if (condition === undefined) return { status: 'skipped', reason: rootNeedsNone };
  if (condition.holds !== false || condition.remedy !== remedies.idMapPrograms)
    return { status: 'ok', evidence: ['both are there'] };
  return {
    status: 'fault',
    ...severityFor(examination, 'ids-not-mapped'),
    summary: condition.evidence,
    evidence: ['looked for in PATH, /usr/bin and /bin, as files that this user may execute'],
    remedies: [installRemedy(examination)],
  };
}

function installRemedy({ host }: Examination): Remedy {
  const command =
    host.files.status('/usr/bin/apt-get') === undefined
      ? ['dnf', 'install', 'shadow-utils']
      : ['apt-get', 'install', 'uidmap'];
  return { does: 'install them', command, by: 'user', needsRoot: true };
}
