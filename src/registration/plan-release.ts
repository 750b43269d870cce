import { AnyarchError } from '../core/error.ts';
import { parseRule, type Rule } from '../core/rule.ts';
import type { Adopted } from './ledger-document.ts';
import { entryNames } from './names.ts';
import { removal, type Adoption, type KnownEntry, type PlanAction, type PlanStep } from './plan-data.ts';
import { matchesHeader, sampleHeader } from './sample.ts';

/**
 * Puts back what one of ours has taken the place of, without a gap: its interpreter is opened anew, under another name,
 * before ours goes. Where it was disabled, ours stands in until it is disabled again; for that moment it is in force,
 * because the kernel enables what it registers and matches the newest first.
 */
export function planRelease(adoption: Adoption, entries: readonly KnownEntry[]): PlanAction {
  const { was, problem, architecture } = adoption;
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
    steps: stepsFor(adoption, rule, entries),
    shadows: shadowedBy(rule, was, entries),
  };
}

function stepsFor(
  { was, own, architecture, isHalfBack }: Adoption,
  rule: Rule,
  entries: readonly KnownEntry[],
): PlanStep[] {
  const stand = entryNames(architecture).temporary;
  const register: PlanStep = { kind: 'register', rule };
  const disable: PlanStep[] = was.enabled ? [] : [{ kind: 'disable', name: was.name }];
  const settled = own.find(({ listed }) => listed.name === was.name);
  // Somebody has removed ours, or a command was killed after it had removed what had the name.
  if (settled === undefined) return [...(isHalfBack ? [] : [register]), ...disable, ...own.map(removal)];
  const isStand = ({ listed, owner }: KnownEntry) => listed.name === stand && owner.kind === 'anyarch';
  const standIn: Rule = { ...(was.enabled ? rule : (settled.listed.entry ?? rule)), name: stand };
  return [
    ...entries.filter(isStand).map(removal),
    { kind: 'register', rule: standIn },
    removal(settled),
    register,
    ...disable,
    { kind: 'remove', name: stand, expected: standIn },
    ...own.filter((one) => one !== settled && !isStand(one)).map(removal),
  ];
}

/** Entries that came to be in force while ours was there are behind it again: the newest is the first. */
function shadowedBy(rule: Rule, { enabled }: Adopted, entries: readonly KnownEntry[]): string[] {
  if (!enabled || rule.kind !== 'magic') return [];
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
