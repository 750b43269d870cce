/** Where containers see the tool tree. /dev is a file system in memory there: nothing is left in images. */
export const mountPoint = '/dev/.anyarch';

/** The tool tree: all of it is seen by containers, read-only. */
export function toolTreeDirectory(state: string): string {
  return `${state}/tool-tree`;
}

/** What belongs to the tree and no container sees: the lock, what is being made, what sets were made for. */
export function toolSetsDirectory(state: string): string {
  return `${state}/tool-sets`;
}
