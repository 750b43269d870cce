import { findArchitecture } from '../core/architecture.ts';
import type { Flags } from '../core/flags.ts';
import { formatRule, parseRule, type Rule } from '../core/rule.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { PersistedArchitecture } from './document.ts';
import { persistedPath } from './places.ts';

/** An entry that is registered at boot. */
export interface BootEntry {
  /** QEMU's target name. */
  readonly target: string;
  readonly rule: Rule;
}

export function bootEntry(target: string, name: string, flags: Flags): BootEntry {
  const { magic, mask, offset } = findArchitecture(target);
  return {
    target,
    rule: { name, kind: 'magic', offset, magic, mask, interpreter: persistedPath(target), flags },
  };
}

/** What was written down of it. @throws AnyarchError ANYARCH_RULE_INVALID */
export function recordedEntry({ architecture, rule }: PersistedArchitecture): BootEntry {
  return { target: architecture, rule: parseRule(rule) };
}

/** One line without its end. */
export function ruleLine({ rule }: BootEntry): string {
  return decodeUtf8(formatRule(rule, ':'));
}
