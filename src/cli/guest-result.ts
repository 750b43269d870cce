import type { Outcome } from './command.ts';

/** The guest owns stdout; what remains to be said goes to stderr, as docker does. */
export function guestResult(exitCode: number, message: string | undefined): Outcome {
  return { exitCode, ...(message === undefined ? {} : { errorText: `anyarch: ${message}\n` }) };
}
