import { AnyarchError } from '../core/error.ts';
import { parseRule, type Rule } from '../core/rule.ts';
import { architectureInName, entryNames, sameRule, type TableEntry } from '../registration/index.ts';
import type { WantedArchitecture, WantedTable } from './wanted-table.ts';

/** A wanted architecture, its rule understood. */
export interface WantedRule {
  readonly architecture: string;
  readonly rule: Rule;
  /** The entry's names, the best first; the last one stands in while another is being replaced. */
  readonly names: readonly [canonical: string, fallback: string, temporary: string];
  /** Of former documents; those of other architectures are among them. */
  readonly former: readonly Rule[];
}

/** @throws AnyarchError ANYARCH_RULE_INVALID for a rule that was changed by hand */
export function wantedRules({ architectures, former = [] }: WantedTable): WantedRule[] {
  const formerRules = former.map((text) => parseRule(text));
  return architectures.map((one) => wantedRule(one, formerRules));
}

function wantedRule(
  { architecture, name, rule: text, emulator }: WantedArchitecture,
  former: readonly Rule[],
) {
  const rule = parseRule(text);
  if (rule.name !== name || rule.interpreter !== emulator.path)
    throw new AnyarchError(
      'ANYARCH_STATE_INVALID',
      `what private tables are to have does not agree with itself: ${architecture}'s rule is for ${rule.name} and ${rule.interpreter}`,
      { hint: 'anyarch rootless enable' },
    );
  const { fallback, temporary } = entryNames(architecture);
  return { architecture, rule, names: [name, fallback, temporary] as const, former };
}

/** Of a rule of a former document, whose architecture may be wanted no longer. */
export function isFormer({ former = [] }: Pick<WantedTable, 'former'>, { name, entry }: TableEntry): boolean {
  const architecture = architectureInName(name);
  if (entry === undefined || architecture === undefined) return false;
  const { canonical } = entryNames(architecture);
  return former
    .map((text) => parseRule(text))
    .some((rule) => rule.name === canonical && sameRule({ ...rule, name }, entry));
}

/** Whether an entry is one that was made of the document, or of a former one. */
export function isOurs(wanted: WantedRule, entry: TableEntry): boolean {
  return isCurrent(wanted, entry) || wanted.former.some((rule) => isOf(rule, wanted, entry));
}

export function isCurrent(wanted: WantedRule, entry: TableEntry): boolean {
  return isOf(wanted.rule, wanted, entry);
}

function isOf(rule: Rule, { names }: WantedRule, { name, entry }: TableEntry): boolean {
  return entry !== undefined && names.includes(name) && sameRule({ ...rule, name }, entry);
}
