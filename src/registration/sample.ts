import { architectures, type Architecture } from '../core/architecture.ts';
import { matchesMagic } from '../core/match.ts';
import { ruleLimits, type Rule } from '../core/rule.ts';
import { architectureInName } from './names.ts';
import type { TableEntry } from './table.ts';

/** What architectures and rules have in common. */
type Pattern =
  Pick<Architecture, 'magic' | 'mask' | 'offset'> | Pick<Rule, 'kind' | 'magic' | 'mask' | 'offset'>;

/** Whether files with these first bytes are taken; extension rules look at names and take none. */
export function matchesHeader(pattern: Pattern, header: Uint8Array): boolean {
  if ('kind' in pattern && pattern.kind === 'extension') return false;
  return matchesMagic(header, pattern);
}

/** The first bytes of a file that fits, as far as rules look at them. */
export function sampleHeader({ magic, offset }: Pick<Pattern, 'magic' | 'offset'>): Uint8Array {
  const header = new Uint8Array(ruleLimits.header);
  header.set(magic, offset);
  return header;
}

/** Whether `rule` takes some of the files that `other` is for. */
export function takesFilesOf(rule: Rule, other: Rule): boolean {
  return other.kind === 'magic' && takesProgramsOf(rule, other);
}

/** Where ELF has the low byte of `e_type`, little- and big-endian; of a position-independent program, as most are. */
const typeAt = { little: 16, big: 17 };
const positionIndependent = 3;

/** Whether `rule` takes some of the programs: it may tell those that are position-independent from the others. */
export function takesProgramsOf(rule: Rule, pattern: Pattern): boolean {
  const fixed = sampleHeader(pattern);
  const other = fixed.slice();
  other[fixed[5] === 2 ? typeAt.big : typeAt.little] = positionIndependent;
  return [fixed, other].some((header) => matchesHeader(pattern, header) && matchesHeader(rule, header));
}

/**
 * The architecture that an entry is for. Its name decides where it names one that its rule takes: old 20-byte rules
 * for mips take N32 programs as well.
 */
export function architectureOf({ name, entry }: TableEntry): string | undefined {
  const taken = entry === undefined ? [] : architectures.filter((one) => takesProgramsOf(entry, one));
  const named = architectureInName(name);
  return taken.find((one) => one.name === named)?.name ?? taken[0]?.name ?? named;
}
