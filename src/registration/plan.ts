import { isRemovable } from './owner.ts';
import { planRelease } from './plan-release.ts';
import { planArchitecture } from './plan-architecture.ts';
import type { Adoption, KnownEntry, Plan, PlanAction, PlanInput } from './plan-data.ts';

/** Pure: what to write so that the wanted architectures are registered and nothing of anybody else's changes. */
export function planRegistration(input: PlanInput): Plan {
  const wanted = input.wanted.map((one) => planArchitecture(one, input));
  return input.reset ? [...wanted, ...planReset(input, wanted)] : wanted;
}

/** Removals of what an action for the same architecture does not remove already, and of nothing that was refused. */
function planReset(input: PlanInput, wanted: Plan): Plan {
  const dealtWith = new Set([...input.spared, ...input.wanted.map(({ architecture }) => architecture.name)]);
  const kept = new Set(wanted.map(({ name }) => name));
  return planRemoval(
    input.entries.filter(({ listed, owner, architecture }) => {
      return (
        isRemovable(owner, true) &&
        !kept.has(listed.name) &&
        (architecture === undefined || !dealtWith.has(architecture))
      );
    }),
    input,
    (architecture) => !dealtWith.has(architecture),
  );
}

/**
 * Removes these entries, one action each; what has made way for one of them is given back, and so is what made way for
 * one that somebody else has removed.
 *
 * @param isLeft whether nothing of ours is to stay for an architecture
 */
export function planRemoval(
  doomed: readonly KnownEntry[],
  { entries, adoptions }: Pick<PlanInput, 'entries' | 'adoptions'>,
  isLeft: (architecture: string) => boolean,
): Plan {
  const isOwed = ({ own, architecture, problem }: Adoption) =>
    own.length === 0
      ? problem === undefined && isLeft(architecture)
      : own.some((entry) => doomed.includes(entry));
  const back = adoptions.filter(
    (one) => one.was.rule !== '' && (!one.isBack || one.isHalfBack) && isOwed(one),
  );
  const rest = doomed.filter((entry) => !back.some(({ own }) => own.includes(entry)));
  return [...removeOnly(rest), ...back.map((one) => planRelease(one, entries))];
}

/** Removes these entries, whatever has made way for them. */
export function removeOnly(entries: readonly KnownEntry[]): Plan {
  return entries.map(({ listed, owner, architecture }): PlanAction => ({
    kind: 'remove',
    architecture,
    name: listed.name,
    rule: undefined,
    emulator: undefined,
    reason: `made by ${owner.kind === 'anyarch' ? 'anyarch' : 'an image or a predecessor'} (${owner.evidence})`,
    steps: [{ kind: 'remove', name: listed.name, expected: listed.text }],
    shadows: [],
    removed: { interpreter: listed.entry?.interpreter, owner: owner.kind },
    error: undefined,
  }));
}
