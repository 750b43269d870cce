import type { Examination } from '../examination.ts';
import type { Severity } from '../verdict.ts';

/** Whether somebody wants something run that does not: a message, a file or an image, and not just a look at the machine. */
export function isAsked({ message, file, image }: Examination): boolean {
  return message !== undefined || file !== undefined || image !== undefined;
}

/** A machine that lacks what nobody wants of it is a healthy one. */
export function severityIfAsked(examination: Examination): Extract<Severity, 'error' | 'note'> {
  return isAsked(examination) ? 'error' : 'note';
}
