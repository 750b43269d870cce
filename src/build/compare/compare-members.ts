import { differingAspects, type Aspect, type Members } from './member.ts';

/** A file that is not the same in both. */
export interface MemberDifference {
  readonly path: string;
  readonly aspects: readonly Aspect[];
}

/** Every file that differs, ordered by path; one that is only on one side is missing on the other. */
export function compareMembers(first: Members, second: Members): MemberDifference[] {
  const differences: MemberDifference[] = [];
  for (const [path, a] of first) {
    const b = second.get(path);
    if (b === undefined) differences.push({ path, aspects: ['missing in the second'] });
    else {
      const aspects = differingAspects(a, b);
      if (aspects.length > 0) differences.push({ path, aspects });
    }
  }
  for (const path of second.keys())
    if (!first.has(path)) differences.push({ path, aspects: ['missing in the first'] });
  return differences.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
