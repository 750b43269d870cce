import { isRemovable } from './owner.ts';
import { adoptedEntries, planRelease } from './plan-release.ts';
import { planArchitecture } from './plan-architecture.ts';
import type { KnownEntry, Plan, PlanAction, PlanInput } from './plan-data.ts';

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
    input.entries,
  );
}

/**
 * Removes these entries, one action each; what has made way for one of them is given back.
 *
 * @param all of the table
 */
export function planRemoval(entries: readonly KnownEntry[], all: readonly KnownEntry[]): Plan {
  const back = adoptedEntries(entries).filter(({ adoption }) => adoption.was.rule !== '');
  const names = new Set(back.map(({ adoption }) => adoption.was.name));
  const rest = entries.filter(({ adoption }) => adoption === undefined || !names.has(adoption.was.name));
  return [...removeOnly(rest), ...back.map((one) => planRelease(one, all))];
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
