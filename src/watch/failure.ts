import type { ErrorCode } from '../core/error-code.ts';
import { AnyarchError } from '../core/error.ts';
import { SystemError } from '../host/system-error.ts';
import type { News } from './event.ts';
import type { Memory } from './memory.ts';

/** What went wrong, as far as it is said. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string | undefined;
}

/** What concerns no architecture. */
export const everything = '';

/** Counted each time, said once for each change. */
export function failureNews(memory: Memory, subject: string, error: Failure): News[] {
  const { errors } = memory.counters;
  errors.set(error.code, (errors.get(error.code) ?? 0) + 1);
  if (memory.said.get(subject) === error.message) return [];
  memory.said.set(subject, error.message);
  return [
    {
      event: 'failed',
      ...(subject === everything ? {} : { architecture: subject }),
      message: error.message,
      code: error.code,
      ...(error.hint === undefined ? {} : { next: error.hint }),
    },
  ];
}

/** Bugs pass through. */
export function asFailure(error: unknown): Failure {
  if (error instanceof AnyarchError) return error;
  if (error instanceof SystemError) return { code: 'ANYARCH_FILE', message: error.message };
  throw error;
}
