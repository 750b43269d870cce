import { architectures } from '../../../core/architecture.ts';
import type { Examination } from '../../examination.ts';
import { isAsked } from '../../facts/asked.ts';
import { foreignConcerned } from '../../facts/concerned.ts';
import { coverages, type Coverage } from '../../facts/coverage.ts';
import type { Certainty, Severity } from '../../verdict.ts';

/** The architectures to look at: those that were asked about, else all. */
export function lookedAt(examination: Examination): readonly Coverage[] {
  const known = coverages(examination);
  const asked = foreignConcerned(examination);
  const names = asked.length > 0 ? asked : architectures.map(({ name }) => name);
  return names.flatMap((name) => known.get(name) ?? []);
}

/** Executing one of its programs was tried and did not work. */
export function fails({ proof }: Coverage): boolean {
  return proof?.status === 'failed';
}

/** What to say of faults of architectures that were asked about, and of those that nobody asked for. */
export function judged(
  examination: Examination,
  found: readonly Coverage[],
): { readonly severity: Severity; readonly certainty: Certainty } {
  const asked = foreignConcerned(examination);
  const isTheOne = found.some(({ architecture }) => asked.includes(architecture));
  if (isTheOne) return { severity: 'error', certainty: found.some(fails) ? 'proven' : 'likely' };
  return { severity: 'error', certainty: isAsked(examination) ? 'likely' : 'proven' };
}

export function proofLine({ architecture, proof }: Coverage): string {
  if (proof === undefined) return `no program for ${architecture} was tried`;
  if (proof.status === 'proven') return `a probe for ${architecture} runs`;
  return proof.reason;
}

export function listed(names: readonly string[]): string {
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 6).join(', ')} and ${names.length - 6} more`;
}
