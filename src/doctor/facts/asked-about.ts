import type { Examination } from '../examination.ts';
import type { Symptom } from '../symptom.ts';

/** Whether the message that was given is of one of these symptoms. */
export function isAskedAbout({ message }: Examination, symptoms: readonly Symptom[]): boolean {
  return message?.symptoms.some((symptom) => symptoms.includes(symptom)) === true;
}

/** Whether what a tool printed has these words. */
export function saysOneOf({ message }: Examination, patterns: readonly RegExp[]): boolean {
  return message !== undefined && patterns.some((pattern) => pattern.test(message.text));
}
