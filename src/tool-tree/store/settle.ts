import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { logFile, setName, toolSetsDirectory, toolTreeDirectory, workName } from '../places.ts';
import { recipeDirectory } from '../../core/recipe/mount.ts';
import { ownToken } from '../../store/index.ts';
import { writeRecipes } from './index-recipes.ts';
import { readPairings, type Pairing } from './pairing.ts';
import { readSetDocument } from './set-document.ts';
import { labelForContainers } from './label.ts';
import { forgetStamps } from './stamps.ts';

export type SettleHost = Pick<Host, 'files' | 'processes' | 'log'>;

/**
 * Brings the tree to what its documents say, whatever a killed command has left: recipes are those of the pairings whose
 * set is there, sets that serve nothing go, and so do work directories. Only with the lock.
 *
 * @returns the pairings that count
 */
export function settleTree(host: SettleHost, state: string): Pairing[] {
  const { files } = host;
  const tree = toolTreeDirectory(state);
  const sets = toolSetsDirectory(state);
  files.makeDirectory(tree, 0o755);
  const pairings = readPairings(files, state).filter(
    ({ set }) => readSetDocument(files, `${tree}/${set}`)?.id === set,
  );
  // Recipes first: what goes after that is not executed any more.
  writeRecipes(host, state, pairings);
  const inUse = new Set(pairings.map(({ set }) => set));
  for (const name of files.list(tree))
    if (name !== recipeDirectory && !isLog(host, tree, name) && !(setName.test(name) && inUse.has(name)))
      removeTree(host, state, `${tree}/${name}`);
  forgetStamps(host, state, inUse);
  for (const name of ignoring(['ENOENT'], () => files.list(sets)) ?? [])
    if (workName.test(name) && name !== ownWork()) files.remove(`${sets}/${name}`);
  labelForContainers(host, tree);
  return pairings;
}

/** Somebody may be listening there; a socket that nobody listens at harms nobody. */
function isLog({ files }: Pick<Host, 'files'>, tree: string, name: string): boolean {
  return name === logFile && files.linkStatus(`${tree}/${name}`)?.kind === 'other';
}

/** Where this process makes sets; whoever has the lock and finds another's knows that its process is gone. */
export function ownWork(): string {
  return `making-${ownToken()}`;
}

let count = 0;

/** Out of the tree at once, then away: a program that runs from it keeps its files. */
export function removeTree({ files }: Pick<Host, 'files'>, state: string, path: string): void {
  const place = `${toolSetsDirectory(state)}/removing-${process.pid}-${(count += 1)}`;
  files.rename(path, place);
  files.remove(place);
}
