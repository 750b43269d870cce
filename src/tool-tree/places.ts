/** The tool tree: all of it is seen by containers, read-only. */
export function toolTreeDirectory(state: string): string {
  return `${state}/tool-tree`;
}

/** What belongs to the tree and no container sees: the lock, what is being made, what sets were made for. */
export function toolSetsDirectory(state: string): string {
  return `${state}/tool-sets`;
}

/** In the directory of what belongs to the tree. */
export const setsFiles = {
  lock: 'lock',
  /** Documents: what sets serve (store/pairing.ts), and what was asked for (store/request.ts). */
  pairings: 'pairings',
  requests: 'requests',
  /** How the files of sets looked when their digests were verified (store/stamps.ts). */
  stamps: 'stamps',
} as const;

/** In the tree, beside sets and recipes. */
export const logFile = 'log';

export const setName = /^[a-z2-7]{6}$/;

/** A directory that a command works in, below that of the sets; left over where that was killed. */
export const workName = /^(making|removing)-[0-9a-z-]+$/;

export { toolTreeMount as mountPoint } from '../core/recipe/mount.ts';
