import { differingAspects, type Aspect, type Member, type Members } from './member.ts';

/** A file that is not the same in both. */
export interface MemberDifference {
  readonly path: string;
  readonly aspects: readonly Aspect[];
  readonly first: Member | undefined;
  readonly second: Member | undefined;
}

/** Every file that differs, ordered by path; one that is only on one side is missing on the other. */
export function compareMembers(first: Members, second: Members): MemberDifference[] {
  const differences: MemberDifference[] = [];
  for (const [path, a] of first) {
    const b = second.get(path);
    if (b === undefined) differences.push({ path, aspects: ['missing in the second'], first: a, second: b });
    else {
      const aspects = differingAspects(a, b);
      if (aspects.length > 0) differences.push({ path, aspects, first: a, second: b });
    }
  }
  for (const [path, b] of second)
    if (!first.has(path))
      differences.push({ path, aspects: ['missing in the first'], first: undefined, second: b });
  return differences.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}
