import type { Effect } from '../../../advisories/index.ts';
import type { Examination } from '../../examination.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { emulatorAdvice, hasEffect, isParticular, type Advice } from '../../facts/emulator-advice.ts';
import { entriesInForce } from '../../facts/entries-in-force.ts';
import type { Symptom } from '../../symptom.ts';
import type { Certainty, Fault, Severity, Verdict } from '../../verdict.ts';
import { adviceRemedies } from './advice-remedies.ts';

/** What an effect looks like. */
const symptomsOf: Readonly<Record<Effect, readonly Symptom[]>> = {
  crash: ['guest-crash', 'illegal-instruction'],
  hang: ['guest-hang'],
  failure: ['system-call-missing'],
  slow: ['slow'],
  wrong: ['guest-crash'],
  unsupported: ['tracing-refused', 'namespace-refused', 'system-call-missing', 'guest-crash', 'guest-hang'],
};

interface Judged extends Advice {
  readonly severity: Severity;
  readonly certainty: Certainty;
}

/** One verdict on the advisories with these effects. */
export function adviceVerdict(examination: Examination, effects: readonly Effect[]): Verdict {
  const entries = entriesInForce(examination);
  if (entries.length === 0)
    return { status: 'skipped', reason: 'no entry is in force that it could be about' };
  const advice = emulatorAdvice(examination).filter((one) => hasEffect(one, effects));
  const judged = advice.flatMap((one) => judge(examination, one) ?? []).sort(bySeverity);
  const [first] = judged;
  if (first === undefined) {
    const versions = entries.map(
      ({ name, emulator }) => `${name}: version ${emulator?.version ?? 'unknown'}`,
    );
    return { status: 'ok', evidence: versions };
  }
  return faultOf(examination, [first, ...judged.slice(1)]);
}

/** Undefined where it is nothing to tell. */
function judge(examination: Examination, advice: Advice): Judged | undefined {
  const { match } = advice;
  const { unproven, isSaid, advisory } = match;
  const { strict } = examination;
  const isShown = unproven.length === 0;
  const isFounded = advisory.confidence === 'measured' || advisory.confidence === 'confirmed';
  if (fits(examination, advice)) {
    if (isShown && isFounded) return { ...advice, severity: 'error', certainty: 'likely' };
    if (isShown || isSaid || strict) return { ...advice, severity: 'warning', certainty: 'possible' };
    return undefined;
  }
  if (!isShown || !isParticular(advice)) return undefined;
  // A guest was named that it is about.
  if (match.runtimes.length > 0 && (isFounded || strict))
    return { ...advice, severity: 'warning', certainty: 'likely' };
  if (strict) return { ...advice, severity: 'warning', certainty: 'possible' };
  return isFounded ? { ...advice, severity: 'note', certainty: 'possible' } : undefined;
}

/** Whether it is what was printed: by its own words, or by what it looks like where nothing is typical for it. */
function fits(examination: Examination, { match: { advisory, isSaid } }: Advice): boolean {
  if (examination.message === undefined) return false;
  return isSaid || (advisory.says === undefined && isAskedAbout(examination, symptomsOf[advisory.effect]));
}

function faultOf(examination: Examination, judged: readonly [Judged, ...Judged[]]): Fault {
  const [{ severity, certainty, entry, match }] = judged;
  const telling = judged.filter((one) => one.severity === severity || one.severity !== 'note');
  const more = byAdvisory(telling).length - 1;
  return {
    status: 'fault',
    severity,
    certainty,
    summary: `${entry.name}, QEMU ${entry.emulator?.version ?? 'of an unknown version'}: ${match.advisory.title}${more === 0 ? '' : `; ${more} more like it`}`,
    evidence: byAdvisory(judged).flatMap(evidenceOf),
    remedies: adviceRemedies(examination, telling),
    architectures: [...new Set(telling.map(({ entry: { architecture } }) => architecture))],
    symptoms: symptomsSeen(examination, telling),
    references: [...new Set(judged.flatMap(({ match: { advisory } }) => advisory.references))],
  };
}

/** Of what was printed, an advisory explains nothing that does not fit. */
function symptomsSeen(examination: Examination, judged: readonly Judged[]): readonly Symptom[] {
  const explaining =
    examination.message === undefined ? judged : judged.filter((one) => fits(examination, one));
  return [...new Set(explaining.flatMap(({ match: { advisory } }) => symptomsOf[advisory.effect]))];
}

/** A machine may have an entry of each architecture, all with the same emulator's faults. */
function byAdvisory(judged: readonly Judged[]): readonly (readonly [Judged, ...Judged[]])[] {
  const groups = new Map<string, [Judged, ...Judged[]]>();
  for (const one of judged) {
    const known = groups.get(one.match.advisory.id);
    if (known === undefined) groups.set(one.match.advisory.id, [one]);
    else known.push(one);
  }
  return [...groups.values()];
}

function evidenceOf(group: readonly [Judged, ...Judged[]]): string[] {
  const [{ match }] = group;
  const { advisory, unproven, runtimes } = match;
  const found = runtimes.map(
    ({ name, version, path }) => `${name} ${version ?? 'of unknown version'} (${path})`,
  );
  return [
    `advisory ${advisory.id}, ${advisory.confidence}: ${advisory.title}`,
    `it is about ${group.map(({ entry }) => entry.name).join(', ')}`,
    `seen: ${advisory.seen}`,
    ...(advisory.cause === undefined ? [] : [`why: ${advisory.cause}`]),
    ...(found.length === 0 ? [] : [`the guest has ${found.join(', ')}`]),
    ...(unproven.length === 0 ? [] : [`not certain: ${unproven.join('; ')}`]),
  ];
}

const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** Stable: what `matchAdvisories` put first stays first. */
function bySeverity(a: Judged, b: Judged): number {
  return severities.indexOf(a.severity) - severities.indexOf(b.severity);
}
