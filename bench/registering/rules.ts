import type { Rule } from '../../src/index.ts';
import type { Stage } from './stage.ts';

export function interpreterOfArm64(rules: readonly Rule[]): string {
  const rule = rules.find((candidate) => targetOf(candidate) === 'aarch64');
  if (rule === undefined) throw new Error('anyarch plans no rule for arm64');
  return rule.interpreter;
}

/** QEMU's name of the architecture, from that of the entry: `anyarch-aarch64`. */
export function targetOf({ name }: Rule): string {
  return name.slice(name.indexOf('-') + 1);
}

export function ruleText({ library }: Stage, rule: Rule): string {
  return new TextDecoder().decode(library.formatRule(rule));
}
