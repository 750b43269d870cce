import { AnyarchError } from '../../core/error.ts';

/**
 * What one inspection takes in before it gives up, because a few hundred KB of indices that list each other many times
 * would keep it busy for ever. anyarch's whole family has 800 manifests.
 */
const most = {
  /** As pulling has it. */
  manifests: 2000,
  /** Each counts with the images that it stands for. */
  references: 100_000,
  'bytes of documents': 64 * 1024 * 1024,
} as const;

export type Limits = (what: keyof typeof most, amount?: number) => void;

/** Counts what was taken in; the counter throws ANYARCH_IMAGE_INVALID with the `limit` when it is too much. */
export function openLimits(): Limits {
  const counts = new Map<keyof typeof most, number>();
  return (what, amount = 1) => {
    const count = (counts.get(what) ?? 0) + amount;
    counts.set(what, count);
    if (count > most[what])
      throw new AnyarchError('ANYARCH_IMAGE_INVALID', `there are more than ${most[what]} ${what} in it`, {
        hint: 'look at a part of it: pull the image that you mean into a layout of its own',
        details: { limit: most[what] },
      });
  };
}
