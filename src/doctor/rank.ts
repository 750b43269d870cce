import type { Check } from './check.ts';
import type { CheckResult } from './diagnosis.ts';
import type { ReadMessage } from './message/read-message.ts';
import { scopes } from './scopes.ts';
import type { Symptom } from './symptom.ts';
import type { Fault } from './verdict.ts';

const severities = ['error', 'warning', 'note'] as const;
const certainties = ['proven', 'likely', 'possible'] as const;

/** Ids of faults. */
export interface RankedCauses {
  /** All, the likeliest first. */
  readonly causes: readonly string[];
  /** Those of them that explain the message: the first ones. Empty without a message. */
  readonly explaining: readonly string[];
}

/**
 * Faults by whether they explain the message (its symptoms, its architecture, the engine that printed it), whether they keep anything
 * from working, how sure they are, how bad, how typical the symptom is, and how early they stand in the list, which goes from causes
 * to what they cause.
 */
export function rankCauses(
  checks: readonly Check[],
  results: readonly CheckResult[],
  message: ReadMessage | undefined,
): RankedCauses {
  const ranked = results
    .flatMap((result, index) => {
      const { verdict } = result;
      const check = checks[index];
      if (verdict.status !== 'fault' || check === undefined) return [];
      const symptoms = verdict.symptoms ?? check.symptoms;
      const place = message === undefined ? noSymptom : explains(symptoms, message);
      const isExplaining = message !== undefined && place < noSymptom && concerns(check, verdict, message);
      return [{ id: result.id, isExplaining, key: keyOf(verdict, isExplaining, place, index) }];
    })
    .sort((a, b) => compareKeys(a.key, b.key));
  return {
    causes: ranked.map(({ id }) => id),
    explaining: ranked.flatMap(({ id, isExplaining }) => (isExplaining ? [id] : [])),
  };
}

/** Checks that the message speaks for, before anything is looked at. */
export function suspectedChecks(
  checks: readonly Check[],
  message: ReadMessage | undefined,
): readonly string[] {
  if (message === undefined) return [];
  return checks
    .map((check, index) => ({ check, key: [explains(check.symptoms, message), index] }))
    .filter(({ check, key }) => (key[0] ?? 0) < noSymptom && isOfTool(check, message))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ check }) => check.id);
}

const noSymptom = 1000;

function keyOf(fault: Fault, isExplaining: boolean, place: number, index: number): readonly number[] {
  return [
    isExplaining ? 0 : 1,
    fault.severity === 'note' ? 1 : 0,
    certainties.indexOf(fault.certainty),
    severities.indexOf(fault.severity),
    place,
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

/** Whether a fault of other architectures, or of another engine, can be what the message is about. */
function concerns(check: Check, { architectures = [] }: Fault, message: ReadMessage): boolean {
  const named = message.architectures;
  const isOfArchitecture =
    named.length === 0 || architectures.length === 0 || architectures.some((one) => named.includes(one));
  return isOfArchitecture && isOfTool(check, message);
}

/** A check of engines says nothing about a message that another engine printed. */
function isOfTool({ scopes: own }: Check, { tool }: ReadMessage): boolean {
  if (own === undefined || !scopes.some((scope) => scope === tool)) return true;
  return own.some((scope) => familyOf(scope) === familyOf(tool));
}

/** podman and buildah are built of the same parts and print the same words. */
function familyOf(engine: string | undefined): string | undefined {
  return engine === 'buildah' ? 'podman' : engine;
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
