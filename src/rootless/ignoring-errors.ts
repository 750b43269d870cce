import { AnyarchError } from '../core/error.ts';

/** For what is tried on the way back from an error that is told. */
export async function ignoringErrors(action: () => Promise<unknown>): Promise<void> {
  try {
    await action();
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
  }
}
