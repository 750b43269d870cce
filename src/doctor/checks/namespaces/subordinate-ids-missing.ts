import type { Condition } from '../../../private-table/index.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { conditionOf, privateTables } from '../../facts/private-tables.ts';
import type { Verdict } from '../../verdict.ts';
import { addingRange } from './adding-range.ts';
import { rootNeedsNone, severityFor } from './severity.ts';

export const subordinateIdsMissing = defineCheck({
  id: 'subordinate-ids-missing',
  question: 'Has the user ids to map?',
  severity: 'error',
  explanation:
    'The files /etc/subuid and /etc/subgid say which ids a user may map into namespaces. Users who were not made by useradd, or who come from a directory service, often have no line in them: then only one id exists inside, and images with files of other owners cannot be unpacked.',
  remedy:
    'as root: usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST USER; then: podman system migrate',
  symptoms: ['ids-not-mapped'],
  references: ['https://man7.org/linux/man-pages/man5/subuid.5.html'],
  examine: (examination) => subordinateIdsMissingIn(examination, privateTables(examination)),
});

export function subordinateIdsMissingIn(examination: Examination, conditions: readonly Condition[]): Verdict {
  const condition = conditionOf(conditions, 'subordinate-ids');
  if (condition === undefined) return { status: 'skipped', reason: rootNeedsNone };
  if (condition.holds !== false) return { status: 'ok', evidence: [condition.evidence] };
  return {
    status: 'fault',
    ...severityFor(examination, 'ids-not-mapped'),
    summary: condition.evidence,
    evidence: ['neither /etc/subuid nor /etc/subgid nor getsubids has a range for both kinds of ids'],
    remedies: addingRange(examination),
  };
}
