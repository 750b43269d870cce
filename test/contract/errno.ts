import { SystemError } from '../../src/host/system-error.ts';

/** The errno of the `SystemError` that the action fails with; undefined when it succeeds. Other errors pass through. */
export function errnoThrownBy(action: () => unknown): string | undefined {
  try {
    action();
    return undefined;
  } catch (error) {
    if (error instanceof SystemError) return error.errno;
    throw error;
  }
}
