import { AnyarchError } from '../../core/error.ts';

/** What is not exactly as expected is not rewritten: the tool is left out, and emulated. */
export function unadaptable(message: string): AnyarchError {
  return new AnyarchError('ANYARCH_TOOL_UNADAPTABLE', message);
}
