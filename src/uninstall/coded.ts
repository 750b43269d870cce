import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { writeFailure } from '../installed-files/index.ts';

/** What users can meet, as an error with a code: one step that fails holds up no other. Bugs are thrown again. */
export function coded(host: Pick<Host, 'files' | 'system'>, path: string, error: unknown): AnyarchError {
  if (error instanceof AnyarchError) return error;
  if (!(error instanceof SystemError)) throw error;
  const failure = writeFailure(host, path, error);
  if (failure instanceof AnyarchError) return failure;
  throw error;
}
