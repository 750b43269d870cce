import type { Check } from './check.ts';
import type { CheckResult } from './diagnosis.ts';
import type { ReadMessage } from './message/read-message.ts';
import type { Symptom } from './symptom.ts';
import type { Fault } from './verdict.ts';

const severities = ['error', 'warning', 'note'] as const;
const certainties = ['proven', 'likely', 'possible'] as const;

/**
 * Faults by how well they explain the message, then how sure they are, how bad, and how early they stand in the list, which goes
 * from causes to what they cause.
 */
export function rankCauses(
  checks: readonly Check[],
  results: readonly CheckResult[],
  message: ReadMessage | undefined,
): readonly string[] {
  return results
    .flatMap((result, index) => {
      const { verdict } = result;
      if (verdict.status !== 'fault') return [];
      const symptoms = verdict.symptoms ?? checks[index]?.symptoms ?? [];
      return [{ id: result.id, key: keyOf(verdict, symptoms, message, index) }];
    })
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ id }) => id);
}

/** Checks that the message speaks for, before anything is looked at. */
export function suspectedChecks(
  checks: readonly Check[],
  message: ReadMessage | undefined,
): readonly string[] {
  if (message === undefined) return [];
  return checks
    .map(({ id, symptoms }, index) => ({ id, key: [explains(symptoms, message), index] }))
    .filter(({ key }) => (key[0] ?? 0) < noSymptom)
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ id }) => id);
}

const noSymptom = 1000;

function keyOf(
  fault: Fault,
  symptoms: readonly Symptom[],
  message: ReadMessage | undefined,
  index: number,
): readonly number[] {
  const explained = message === undefined ? 0 : Math.min(explains(symptoms, message), noSymptom);
  return [
    explained < noSymptom ? 0 : 1,
    certainties.indexOf(fault.certainty),
    severities.indexOf(fault.severity),
    explained,
    index,
  ];
}

/** The lower, the better: places of the first symptom that both have, in the message's and in the check's order. */
function explains(symptoms: readonly Symptom[], message: ReadMessage): number {
  const places = message.symptoms.flatMap((symptom, place) => {
    const own = symptoms.indexOf(symptom);
    return own < 0 ? [] : [place * 10 + own];
  });
  return Math.min(noSymptom, ...places);
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
