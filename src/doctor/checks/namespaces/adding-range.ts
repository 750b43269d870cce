import { freeRange } from '../../../core/subordinate-ids.ts';
import type { Examination } from '../../examination.ts';
import { subordinateIds } from '../../facts/subordinate-ids.ts';
import type { Remedy } from '../../verdict.ts';

/** Ids for this process's user that nobody has. */
export function addingRange(examination: Examination): [Remedy, ...Remedy[]] {
  const { user, texts } = subordinateIds(examination);
  const range = freeRange(Object.values(texts));
  if (range === undefined)
    return [{ does: 'free a range in /etc/subuid and /etc/subgid first', by: 'user', needsRoot: true }];
  const ids = `${range.start}-${range.start + range.count - 1}`;
  return [
    {
      does: 'give the user a range that nobody has',
      command: ['usermod', '--add-subuids', ids, '--add-subgids', ids, user],
      by: 'user',
      needsRoot: true,
    },
    {
      does: 'for podman, afterwards, as the user: have its namespace made again',
      command: ['podman', 'system', 'migrate'],
      by: 'user',
    },
  ];
}
