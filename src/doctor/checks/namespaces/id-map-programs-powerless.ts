import { remedies, type Condition } from '../../../private-table/index.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { conditionOf, privateTables } from '../../facts/private-tables.ts';
import type { Remedy, Verdict } from '../../verdict.ts';
import { rootNeedsNone, severityFor } from './severity.ts';

export const idMapProgramsPowerless = defineCheck({
  id: 'id-map-programs-powerless',
  question: 'May newuidmap and newgidmap map ids?',
  severity: 'error',
  explanation:
    'newuidmap and newgidmap write maps for a user because they are setuid root, or have the file capabilities cap_setuid and cap_setgid. Copies of a root file system, some package builders and mounts with nosuid lose that: then they say "write to uid_map failed: Operation not permitted".',
  remedy: 'as root: chmod u+s /usr/bin/newuidmap /usr/bin/newgidmap',
  symptoms: ['ids-not-mapped'],
  references: ['https://github.com/containers/podman/blob/main/troubleshooting.md'],
  examine: (examination) => idMapProgramsPowerlessIn(examination, privateTables(examination)),
});

export function idMapProgramsPowerlessIn(
  examination: Examination,
  conditions: readonly Condition[],
): Verdict {
  const condition = conditionOf(conditions, 'id-map-programs');
  if (condition === undefined) return { status: 'skipped', reason: rootNeedsNone };
  if (condition.remedy === remedies.idMapPrograms) return { status: 'skipped', reason: condition.evidence };
  if (condition.holds !== false) return { status: 'ok', evidence: [condition.evidence] };
  if (condition.remedy !== remedies.idMapProgramsPowerless)
    return { status: 'skipped', reason: condition.evidence };
  const isMounted = condition.evidence.includes('nosuid');
  return {
    status: 'fault',
    ...severityFor(examination, 'ids-not-mapped'),
    summary: condition.evidence,
    evidence: [condition.evidence],
    remedies: [isMounted ? remount : setuid(examination)],
  };
}

function setuid({ host }: Examination): Remedy {
  const directory = host.files.isExecutable('/usr/bin/newuidmap') ? '/usr/bin' : '/bin';
  return {
    does: 'make them setuid root again',
    command: ['chmod', 'u+s', `${directory}/newuidmap`, `${directory}/newgidmap`],
    by: 'user',
    needsRoot: true,
  };
}

const remount: Remedy = { does: 'mount that file system without nosuid', by: 'user', needsRoot: true };
