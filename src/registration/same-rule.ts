import { equalBytes } from '../core/bytes.ts';
import type { Flags } from '../core/flags.ts';
import type { Rule } from '../core/rule.ts';

/** Whether two rules do the same under the same name. Knows that the kernel adds O to C, and that no mask means all bits. */
export function sameRule(a: Rule, b: Rule): boolean {
  return (
    a.name === b.name && a.interpreter === b.interpreter && samePattern(a, b) && sameFlags(a.flags, b.flags)
  );
}

/** Whether two rules match the same files. */
export function samePattern(a: Rule, b: Rule): boolean {
  return (
    a.kind === b.kind &&
    a.offset === b.offset &&
    equalBytes(maskOf(a), maskOf(b)) &&
    equalBytes(comparedBits(a), comparedBits(b))
  );
}

export function sameFlags(a: Flags, b: Flags): boolean {
  return (
    a.fixBinary === b.fixBinary &&
    a.credentials === b.credentials &&
    a.preserveArgv0 === b.preserveArgv0 &&
    (a.openBinary || a.credentials) === (b.openBinary || b.credentials)
  );
}

function comparedBits(rule: Rule): Uint8Array {
  const mask = maskOf(rule);
  return rule.magic.map((byte, index) => byte & (mask[index] ?? 0xff));
}

function maskOf(rule: Rule): Uint8Array {
  return rule.mask ?? new Uint8Array(rule.magic.length).fill(0xff);
}
