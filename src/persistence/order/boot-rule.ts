import type { Rule } from '../../core/rule.ts';

/** A rule that is registered at boot. */
export interface BootRule {
  /** The file that it is in. */
  readonly file: string;
  readonly rule: Rule;
  /** Of binfmt-support's formats: whose it is, `:` for an administrator's. */
  readonly package?: string;
}
