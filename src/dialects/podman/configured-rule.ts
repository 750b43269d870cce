import { architectures, type Architecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { patternsOverlap } from '../../core/match.ts';
import { parseRule, type Rule } from '../../core/rule.ts';
import { quote } from '../../core/text.ts';
import type { Problem } from '../problem-list.ts';
import type { BinfmtLine } from './binfmt-files.ts';

/** A rule of a configuration file. */
export interface ConfiguredRule {
  readonly file: string;
  readonly rule: Rule;
  /** Of the architecture that it is named after and takes the programs of. */
  readonly architecture: Architecture | undefined;
}

export interface Configuration {
  readonly rules: readonly ConfiguredRule[];
  readonly problems: readonly Problem[];
}

/** Pure: what lines ask for. Of a name that comes twice the last line counts, as with systemd-binfmt. */
export function configurationOf(lines: readonly BinfmtLine[]): Configuration {
  const rules = new Map<string, ConfiguredRule>();
  const problems: Problem[] = [];
  for (const { file, rule: text } of lines) {
    try {
      const rule = parseRule(text);
      rules.delete(rule.name);
      rules.set(rule.name, { file, rule, architecture: architectureOf(rule) });
    } catch (error) {
      if (!(error instanceof AnyarchError)) throw error;
      const { code, message } = error;
      problems.push({ subject: file, code, message, hint: `correct the line ${quote(text, 100)}` });
    }
  }
  return { rules: [...rules.values()], problems };
}

function architectureOf(rule: Rule): Architecture | undefined {
  return architectures.find((one) => rule.name === `qemu-${one.name}` && isFor(rule, one));
}

/** Whether a rule is one for an architecture's programs: their first bytes are its magic. */
function isFor({ kind, offset, magic, mask }: Rule, architecture: Architecture): boolean {
  return (
    kind === 'magic' &&
    magic.every((byte, index) => {
      const bits = mask?.[index] ?? 0xff;
      return ((byte ^ (architecture.magic[offset + index] ?? 0)) & bits) === 0;
    })
  );
}

/**
 * Whether a rule can take a program of an architecture, be it linked to a fixed address or position-independent: the
 * architecture's pattern leaves that open.
 */
export function canTake(rule: Rule, architecture: Architecture): boolean {
  return rule.kind === 'magic' && patternsOverlap(rule, architecture);
}
