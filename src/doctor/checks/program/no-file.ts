import type { Verdict } from '../../verdict.ts';

/** Checks of a program's bytes need one. */
export const noFile: Verdict = { status: 'skipped', reason: 'no file was named (--file PATH)' };

export function unreadable(path: string): Verdict {
  return { status: 'skipped', reason: `${path} cannot be opened or read` };
}
