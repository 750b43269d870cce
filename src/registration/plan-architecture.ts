import { owedFor } from './adoption.ts';
import type { Rule } from '../core/rule.ts';
import { entryNames } from './names.ts';
import { AnyarchError } from '../core/error.ts';
import type { Adopted } from './ledger-document.ts';
import { isRemovable } from './owner.ts';
import {
  removal,
  type KnownEntry,
  type PlanAction,
  type PlanInput,
  type PlanStep,
  type Wanted,
} from './plan-data.ts';
import { nameTaken, refusalOf } from './refuse.ts';
import { replacementReason } from './replacement-reason.ts';
import { takesProgramsOf } from './sample.ts';
import { samePattern, sameRule } from './same-rule.ts';

/** What to do for one wanted architecture. */
export function planArchitecture(wanted: Wanted, input: PlanInput): PlanAction {
  const situation = situationOf(wanted, input);
  const error =
    refusalOf(wanted, input) ??
    vanished(wanted, situation, input) ??
    (isTaken(situation) ? nameTaken(wanted, situation.name) : undefined);
  const steps =
    error === undefined
      ? stepsFor(wanted, situation)
      : { kind: 'refuse' as const, reason: 'refused', steps: [] };
  const name = steps.kind === 'keep' ? steps.name : situation.name;
  return {
    architecture: wanted.architecture.name,
    name,
    rule: steps.kind === 'keep' ? steps.rule : (registered(steps.steps, name) ?? ruleFor(wanted, name)),
    emulator: wanted.emulator,
    shadows: steps.kind === 'refuse' ? [] : shadowed(situation, name),
    removed: undefined,
    adopted: situation.adopted,
    error,
    kind: steps.kind,
    reason: steps.reason,
    steps: steps.steps,
  };
}

function registered(steps: readonly PlanStep[], name: string): Rule | undefined {
  for (const step of steps) if (step.kind === 'register' && step.rule.name === name) return step.rule;
  return undefined;
}

interface Situation {
  /** Enabled entries that match the architecture's programs; the first is in force. */
  readonly matching: readonly KnownEntry[];
  /** Entries for this architecture that may be removed. */
  readonly removable: readonly KnownEntry[];
  /** An entry of others that makes way. */
  readonly takenOver: KnownEntry | undefined;
  /** The same, now or earlier. */
  readonly adopted: Adopted | undefined;
  readonly name: string;
  /** What has the name now. */
  readonly holder: KnownEntry | undefined;
  /** Left over by a command that was killed. */
  readonly temporary: KnownEntry | undefined;
}

function situationOf(
  { architecture }: Wanted,
  { entries, adoptions, reset, adopt, takeOver }: PlanInput,
): Situation {
  const names = entryNames(architecture.name);
  const making = takeOver?.get(architecture.name);
  const takenOver = entries.find(
    ({ listed: { name, text }, owner }) =>
      name === making?.name && text === making.text && owner.kind !== 'anyarch',
  );
  const removable = entries.filter(
    (entry) =>
      entry === takenOver ||
      (isRemovable(entry.owner, reset || adopt) && entry.architecture === architecture.name),
  );
  const earlier = owedFor(adoptions, architecture.name);
  const adopted = takenOver === undefined ? earlier?.was : making;
  const named = (name: string) => entries.find(({ listed }) => listed.name === name);
  const halfBack = earlier?.isHalfBack === true ? named(earlier.was.name) : undefined;
  if (halfBack !== undefined) removable.push(halfBack);
  const canonical = named(names.canonical);
  const free = canonical === undefined || removable.includes(canonical) ? names.canonical : names.fallback;
  const name = adopted?.name ?? free;
  return {
    matching: entries.filter(
      ({ listed: { entry } }) => entry?.enabled === true && takesProgramsOf(entry, architecture),
    ),
    removable,
    takenOver,
    adopted,
    name,
    holder: named(name),
    temporary: named(names.temporary),
  };
}

/** Somebody has changed or removed in the meantime what was to make way. */
function vanished(
  { architecture: { name } }: Wanted,
  { takenOver }: Situation,
  { takeOver, adoptions }: PlanInput,
): AnyarchError | undefined {
  const making = takeOver?.get(name);
  const isOurs = adoptions.some(({ was, isBack }) => was.name === making?.name && !isBack);
  if (making === undefined || takenOver !== undefined || isOurs) return undefined;
  return new AnyarchError(
    'ANYARCH_REGISTER_FAILED',
    `left ${making.name} alone: another program changed it in the meantime`,
    { hint: 'run the command again' },
  );
}

/** Both names, or the temporary one, are held by entries that are not ours to remove. */
function isTaken({ holder, temporary, removable }: Situation): boolean {
  return [holder, temporary].some((entry) => entry !== undefined && !removable.includes(entry));
}

function ruleFor({ architecture, emulator, flags }: Wanted, name: string): Rule {
  const { magic, mask, offset } = architecture;
  return { name, kind: 'magic', offset, magic, mask, interpreter: emulator.path, flags };
}

type Chosen =
  | {
      readonly kind: 'keep';
      readonly name: string;
      readonly rule: Rule;
      readonly reason: string;
      readonly steps: readonly PlanStep[];
    }
  | {
      readonly kind: 'add' | 'replace' | 'refuse';
      readonly reason: string;
      readonly steps: readonly PlanStep[];
    };

function stepsFor(wanted: Wanted, situation: Situation): Chosen {
  const inForce = situation.matching[0];
  const isToChange = inForce === undefined || situation.takenOver !== undefined;
  const kept = isToChange ? undefined : reasonToKeep(wanted, inForce);
  if (inForce?.listed.entry !== undefined && kept !== undefined) {
    const others = situation.removable.filter((entry) => entry !== inForce);
    return {
      kind: 'keep',
      name: inForce.listed.name,
      rule: inForce.listed.entry,
      reason: kept,
      steps: [{ kind: 'prove' }, ...others.map(removal)],
    };
  }
  const replaced = situation.removable.length > 0;
  return {
    kind: replaced ? 'replace' : 'add',
    reason: reasonToWrite(wanted, situation),
    steps: writeSteps(wanted, situation),
  };
}

/** Only what is in force can be kept; undefined when it is not what is wanted. */
function reasonToKeep(
  wanted: Wanted,
  { listed: { name, entry }, owner, interpreter }: KnownEntry,
): string | undefined {
  if (entry === undefined || name === entryNames(wanted.architecture.name).temporary) return undefined;
  if (owner.kind === 'anyarch') {
    const current =
      !entry.flags.fixBinary ||
      interpreter === 'same' ||
      (interpreter === 'unrecorded' &&
        (wanted.emulator.origin === 'store' || wanted.emulator.origin === 'persisted'));
    return current && sameRule(entry, ruleFor(wanted, name)) ? 'registered already' : undefined;
  }
  if (owner.kind !== 'systemd-binfmt' && owner.kind !== 'binfmt-support') return undefined;
  return isEquivalent(entry, ruleFor(wanted, name))
    ? `registered by ${owner.kind} already (${owner.evidence})`
    : undefined;
}

/** O makes no difference for programs that can be read; Debian sets it, we do not. */
function isEquivalent(theirs: Rule, ours: Rule): boolean {
  return (
    theirs.interpreter === ours.interpreter &&
    samePattern(theirs, ours) &&
    theirs.flags.fixBinary === ours.flags.fixBinary &&
    theirs.flags.credentials === ours.flags.credentials &&
    theirs.flags.preserveArgv0 === ours.flags.preserveArgv0
  );
}

function reasonToWrite(wanted: Wanted, { matching, removable, takenOver, holder, name }: Situation): string {
  if (takenOver !== undefined)
    return `takes over ${name} from ${takenOver.owner.kind}: ${takenOver.owner.evidence}`;
  const [inForce] = matching;
  const old = removable.find((entry) => entry === holder) ?? removable[0];
  if (old === undefined)
    return inForce === undefined
      ? 'nothing is registered'
      : `${inForce.listed.name} (${inForce.owner.kind}) uses another emulator or other flags`;
  if (old.listed.entry?.enabled === false) return `${old.listed.name} is disabled`;
  if (inForce !== undefined && !removable.includes(inForce))
    return `${inForce.listed.name} (${inForce.owner.kind}) shadows ${old.listed.name}`;
  return replacementReason(old, ruleFor(wanted, name));
}

/**
 * At every moment an enabled entry matches, if one did before: what is old goes only when something newer has been
 * registered and has run a probe. Removing first breaks the containers that run (529 execs during such a swap: 0 failures).
 */
function writeSteps(wanted: Wanted, { holder, temporary, removable, name, matching }: Situation): PlanStep[] {
  const register = (as: string): PlanStep => ({ kind: 'register', rule: ruleFor(wanted, as) });
  const others = removable.filter((entry) => entry !== holder && entry !== temporary).map(removal);
  const prove: PlanStep = { kind: 'prove' };
  const leftover = temporary === undefined ? [] : [removal(temporary)];
  if (holder === undefined) return [register(name), prove, ...leftover, ...others];

  const stand = entryNames(wanted.architecture.name).temporary;
  const remaining = temporary === undefined || matching.some((entry) => entry !== temporary);
  // A left-over temporary entry that alone covers the architecture stays until the name is registered anew.
  if (!remaining) return [removal(holder), register(name), prove, ...leftover, ...others];
  const standIn = ruleFor(wanted, stand);
  const stoodIn: PlanStep = { kind: 'remove', name: stand, expected: standIn };
  return [...leftover, register(stand), prove, removal(holder), register(name), stoodIn, prove, ...others];
}

function shadowed({ matching, removable }: Situation, name: string): string[] {
  return matching
    .filter((entry) => !removable.includes(entry) && entry.listed.name !== name)
    .map(({ listed }) => listed.name);
}
