import type { Condition } from '../../../private-table/index.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { conditionOf, privateTables } from '../../facts/private-tables.ts';
import type { Verdict } from '../../verdict.ts';
import { addingRange } from './adding-range.ts';
import { rootNeedsNone, severityFor } from './severity.ts';

export const subordinateIdsFew = defineCheck({
  id: 'subordinate-ids-few',
  question: 'Are there enough ids, and do they exist here?',
  severity: 'error',
  explanation:
    'Images have owners up to 65534 (nobody). With fewer subordinate ids some files cannot be given to their owner ("potentially insufficient UIDs or GIDs available in user namespace"). In a container, ids that the container was not given do not exist, whatever its /etc/subuid says.',
  remedy: 'as root: usermod --add-subuids FIRST-LAST --add-subgids FIRST-LAST USER, 65536 ids',
  symptoms: ['ids-not-mapped'],
  references: ['https://man7.org/linux/man-pages/man5/subuid.5.html'],
  examine: (examination) => subordinateIdsFewIn(examination, privateTables(examination)),
});

export function subordinateIdsFewIn(examination: Examination, conditions: readonly Condition[]): Verdict {
  const mapped = conditionOf(conditions, 'mapped-ids');
  const enough = conditionOf(conditions, 'enough-ids');
  if (mapped === undefined || enough === undefined)
    return {
      status: 'skipped',
      reason: conditionOf(conditions, 'subordinate-ids')?.evidence ?? rootNeedsNone,
    };
  if (mapped.holds === false)
    return {
      status: 'fault',
      ...severityFor(examination, 'ids-not-mapped'),
      summary: mapped.evidence,
      evidence: [mapped.evidence],
      remedies: [
        {
          does: 'give the user a range that the container has, or the container more ids: podman run --uidmap, --userns',
          by: 'user',
        },
      ],
    };
  if (enough.holds !== false) return { status: 'ok', evidence: [enough.evidence] };
  return {
    status: 'fault',
    ...severityFor(examination, 'ids-not-mapped'),
    // Many images do with fewer.
    certainty: 'likely',
    summary: `there are only ${enough.evidence}`,
    evidence: [conditionOf(conditions, 'subordinate-ids')?.evidence ?? enough.evidence],
    remedies: addingRange(examination),
  };
}
