import type { Outcome } from './command.ts';

/** The guest owns stdout; what remains to be said goes to stderr, as docker does. */
export function guestResult(exitCode: number, message: string | undefined): Outcome {
  if (message !== undefined) process.stderr.write(`anyarch: ${message}\n`);
  return { exitCode };
}
