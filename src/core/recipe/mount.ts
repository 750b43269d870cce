/** Where containers see the tool tree, read-only. Their /dev is a file system in memory: nothing of it is left in images. */
export const toolTreeMount = '/dev/.anyarch';

/** The directory of recipes in the tool tree. */
export const recipeDirectory = 'r';

/**
 * A recipe's file name below `r/`: the guest program's GNU build id, or its size where it has none. Programs without a
 * build id share names by chance: the recipe's `xxh64` decides.
 */
export function recipeName({
  buildId,
  size,
}: {
  readonly buildId: string | undefined;
  readonly size: number;
}): string {
  return buildId ?? `s${size}`;
}
