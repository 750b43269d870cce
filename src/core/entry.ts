import type { Rule } from './rule.ts';

/** What the kernel lists for a registered rule. */
export interface Entry extends Rule {
  readonly enabled: boolean;
}

/**
 * Reads the text of `/proc/sys/fs/binfmt_misc/NAME`.
 *
 * @throws AnyarchError ANYARCH_ENTRY_INVALID
 */
export function parseEntry(name: string, text: string): Entry {
  throw new Error(`not written yet: ${name} ${text}`);
}

/** The bytes that the kernel prints for an entry (fs/binfmt_misc.c, `entry_status`). */
export function formatEntry(entry: Entry): string {
  throw new Error(`not written yet: ${entry.name}`);
}
