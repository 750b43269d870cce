import type { Flags } from './flags.ts';

/** What is written to binfmt_misc's `register`. */
export interface Rule {
  readonly name: string;
  readonly kind: 'magic' | 'extension';
  /** Where the magic stands in the file, in bytes. 0 in extension rules. */
  readonly offset: number;
  /** The magic bytes, or the extension's bytes without the dot. */
  readonly magic: Uint8Array;
  /** As long as `magic`; `undefined` compares every bit. Always `undefined` in extension rules. */
  readonly mask: Uint8Array | undefined;
  readonly interpreter: string;
  readonly flags: Flags;
}

/**
 * Reads a rule as the kernel does (fs/binfmt_misc.c, `create_entry`): accepts and refuses the same texts.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID; `details.errno` is what the kernel's write fails with, `EINVAL` or `ENAMETOOLONG`.
 */
export function parseRule(text: Uint8Array | string): Rule {
  throw new Error(`not written yet: ${text.length}`);
}

/**
 * Writes a rule as one text for one write(2): `:name:M::\x7f\x45…:\xff…:interpreter:flags`.
 *
 * @param delimiter one ASCII character; by default `:`, or the first that the interpreter and name do not contain.
 * @throws AnyarchError ANYARCH_RULE_INVALID when the kernel would refuse the rule or read another one.
 */
export function formatRule(rule: Rule, delimiter?: string): Uint8Array {
  throw new Error(`not written yet: ${rule.name} ${delimiter ?? ''}`);
}

/**
 * Refuses rules that the kernel takes but that cannot work: a relative interpreter, one longer than the kernel executes.
 *
 * @throws AnyarchError ANYARCH_RULE_INVALID
 */
export function validateRule(rule: Rule): void {
  throw new Error(`not written yet: ${rule.name}`);
}
