import { AnyarchError } from '../core/error.ts';
import { parseRule, type Rule } from '../core/rule.ts';
import type { Adoption } from './adoption.ts';
import { entryNames } from './names.ts';
import type { KnownEntry, PlanAction, PlanStep } from './plan-data.ts';
import { matchesHeader, sampleHeader } from './sample.ts';

/** One entry of ours for each that can be, or could have been, given back. */
export function adoptedEntries(entries: readonly KnownEntry[]): (KnownEntry & { adoption: Adoption })[] {
  const adopted = entries.flatMap((known) =>
    known.adoption === undefined ? [] : [{ ...known, adoption: known.adoption }],
  );
  // A command that was killed may have left a stand-in with the same record.
  const hasName = ({ listed, adoption }: (typeof adopted)[number]) => listed.name === adoption.was.name;
  const settled = adopted.filter(hasName);
  const others = adopted.filter(
    (one) => !hasName(one) && !settled.some(({ adoption }) => adoption.was.name === one.adoption.was.name),
  );
  return [...settled, ...others];
}

/**
 * Puts back what one of ours has taken the place of, without a gap: its interpreter is opened anew, under another name,
 * before ours goes. Where it was disabled, ours stands in until it is disabled again; for that moment it is in force,
 * because the kernel enables what it registers and matches the newest first.
 */
export function planRelease(
  known: KnownEntry & { readonly adoption: Adoption },
  entries: readonly KnownEntry[],
): PlanAction {
  const { was, problem } = known.adoption;
  const { architecture = '' } = known;
  const action = {
    kind: 'release' as const,
    architecture,
    name: was.name,
    rule: undefined,
    emulator: undefined,
    reason: `taken over from ${was.owner}`,
    steps: [],
    shadows: [],
    removed: undefined,
    adopted: was,
    error: undefined,
  };
  if (problem !== undefined) return { ...action, error: notRestorable(was.name, problem) };
  const rule: Rule = { ...parseRule(was.rule), name: was.name };
  return {
    ...action,
    rule,
    steps: stepsFor(known, rule, entries),
    shadows: shadowedBy(rule, known, entries),
  };
}

function stepsFor(
  known: KnownEntry & { readonly adoption: Adoption },
  rule: Rule,
  entries: readonly KnownEntry[],
): PlanStep[] {
  const { was } = known.adoption;
  const stand = entryNames(known.architecture ?? '').temporary;
  const register: PlanStep = { kind: 'register', rule };
  const disable: PlanStep[] = was.enabled ? [] : [{ kind: 'disable', name: was.name }];
  const own: PlanStep = { kind: 'remove', name: known.listed.name, expected: known.listed.text };
  // A stand-in of a command that was killed after it had removed what had the name.
  if (known.listed.name !== was.name)
    return [...(known.adoption.isHalfBack ? [] : [register]), ...disable, own];
  const leftover = entries.filter(({ listed, owner }) => listed.name === stand && owner.kind === 'anyarch');
  const standIn: Rule = { ...(was.enabled ? rule : (known.listed.entry ?? rule)), name: stand };
  return [
    ...leftover.map(({ listed }): PlanStep => ({ kind: 'remove', name: stand, expected: listed.text })),
    { kind: 'register', rule: standIn },
    own,
    register,
    ...disable,
    { kind: 'remove', name: stand, expected: standIn },
  ];
}

/** Entries that came to be in force while ours was there are behind it again: the newest is the first. */
function shadowedBy(rule: Rule, known: KnownEntry, entries: readonly KnownEntry[]): string[] {
  if (known.adoption?.was.enabled !== true || rule.kind !== 'magic') return [];
  const header = sampleHeader(rule);
  return entries
    .filter(
      ({ listed: { entry }, owner }) =>
        entry?.enabled === true && owner.kind !== 'anyarch' && matchesHeader(entry, header),
    )
    .map(({ listed }) => listed.name);
}

function notRestorable(name: string, problem: string): AnyarchError {
  return new AnyarchError('ANYARCH_NOT_RESTORABLE', `could not give ${name} back: ${problem}`, {
    hint: `ours stays; install again what ${name} is from and let it register, or remove ours for good: anyarch release ${name} --force`,
  });
}
