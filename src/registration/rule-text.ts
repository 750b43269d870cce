import { formatRule, type Rule } from '../core/rule.ts';
import { decodeUtf8 } from '../core/text.ts';

const written = new WeakMap<Rule, Uint8Array>();

/**
 * What is written to `register`. The ledger, the write and the report need it, and to format it, which includes reading
 * it back, is a good part of what the image's program does for a rule.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID
 */
export function ruleBytes(rule: Rule): Uint8Array {
  const known = written.get(rule);
  if (known !== undefined) return known;
  const bytes = formatRule(rule);
  written.set(rule, bytes);
  return bytes;
}

/** The same for people and documents. */
export function ruleText(rule: Rule): string {
  return decodeUtf8(ruleBytes(rule));
}
