import type { Rule } from '../core/rule.ts';
import { entryNames } from './names.ts';
import type { KnownEntry } from './plan-data.ts';
import { sameFlags, samePattern } from './same-rule.ts';

/** Why an enabled entry of ours, which nothing of others shadows, does not stay. */
export function replacementReason(
  { listed: { name, entry }, interpreter: state, architecture }: KnownEntry,
  wanted: Rule,
): string {
  const path = entry?.interpreter ?? '';
  if (state === 'replaced') return `the file ${path} was replaced since ${name} was registered`;
  if (state === 'deleted') return `the file ${path} is gone`;
  const isTemporary = architecture !== undefined && name === entryNames(architecture).temporary;
  if (state === 'interrupted' || isTemporary) return 'an earlier command was interrupted';
  const differences = entry === undefined ? [] : differencesOf(entry, wanted);
  if (differences.length > 0) return `${name} has ${differences.join(' and ')}`;
  if (state === 'unrecorded') return `it is not recorded which file ${name} was registered with`;
  return `the name ${wanted.name} has become free`;
}

function differencesOf(old: Rule, wanted: Rule): string[] {
  return [
    ...(old.interpreter === wanted.interpreter ? [] : ['another emulator']),
    ...(sameFlags(old.flags, wanted.flags) ? [] : ['other flags']),
    ...(samePattern(old, wanted) ? [] : ['another pattern']),
  ];
}
