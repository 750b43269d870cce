import { recipeDirectory, recipeName, toolTreeMount } from '../../core/recipe/mount.ts';
import { formatRecipe } from '../../core/recipe/format.ts';
import type { RecipeAlternative, RecipeNative } from '../../core/recipe/recipe.ts';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { toolTreeDirectory } from '../places.ts';
import type { PairedTool, Pairing } from './pairing.ts';
import { readStamps, type StampsOfSet } from './stamps.ts';

/**
 * The recipes of pairings, by file name. What serves the same program stands in one recipe, the newest first: the guest's
 * libraries tell which of them counts. What is not known to be in the tree as it was verified is left out.
 */
export function recipesOf(
  pairings: readonly Pick<Pairing, 'madeAt' | 'set' | 'tools'>[],
  stampsOfSet: StampsOfSet,
): ReadonlyMap<string, string> {
  const alternatives = new Map<string, RecipeAlternative[]>();
  for (const { set, tools } of pairings.toSorted((a, b) => (a.madeAt < b.madeAt ? 1 : -1)))
    for (const tool of tools) {
      const natives = nativesOf(tool, set, stampsOfSet);
      if (natives === undefined) continue;
      const { buildId, recipe } = tool;
      const name = recipeName({ buildId, size: recipe.size });
      alternatives.set(name, [...(alternatives.get(name) ?? []), { ...recipe, natives }]);
    }
  return new Map(
    [...alternatives].flatMap(([name, all]) => {
      const text = format(all);
      return text === undefined ? [] : [[name, text] as const];
    }),
  );
}

/** What the native program needs in its set. */
function nativesOf({ needs }: PairedTool, set: string, stampsOfSet: StampsOfSet): RecipeNative[] | undefined {
  const stamps = stampsOfSet(set);
  const natives = needs.flatMap((path) => {
    const stamp = stamps?.get(path);
    return stamp === undefined ? [] : [{ path: `${toolTreeMount}/${set}/${path}`, ...stamp }];
  });
  return natives.length === needs.length && needs.length > 0 ? natives : undefined;
}

/** As many of them as fit, those that can be written. The oldest ones are for versions that guests have been brought on from. */
function format(alternatives: readonly RecipeAlternative[]): string | undefined {
  const texts = new Set<string>();
  const distinct = alternatives.filter((one) => {
    const text = tried([one]);
    if (text === undefined || texts.has(text)) return false;
    texts.add(text);
    return true;
  });
  for (let count = distinct.length; count > 0; count -= 1) {
    const text = tried(distinct.slice(0, count));
    if (text !== undefined) return text;
  }
  return undefined;
}

function tried(alternatives: readonly RecipeAlternative[]): string | undefined {
  try {
    return formatRecipe({ alternatives });
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_RECIPE_INVALID') return undefined;
    throw error;
  }
}

/**
 * Makes the tree's recipes those of these pairings: each file is replaced as a whole, and what is no recipe of them goes.
 * Only with the lock.
 */
export function writeRecipes(host: Pick<Host, 'files'>, state: string, pairings: readonly Pairing[]): void {
  const { files } = host;
  const directory = `${toolTreeDirectory(state)}/${recipeDirectory}`;
  const wanted = recipesOf(pairings, readStamps(files, state));
  files.makeDirectory(directory, 0o755);
  for (const name of files.list(directory)) if (!wanted.has(name)) files.remove(`${directory}/${name}`);
  for (const [name, text] of wanted)
    if (!isSame(host, `${directory}/${name}`, text))
      files.writeAtomic(`${directory}/${name}`, encodeUtf8(text), 0o644);
}

function isSame({ files }: Pick<Host, 'files'>, path: string, text: string): boolean {
  return ignoring(['ENOENT', 'EISDIR', 'EACCES'], () => decodeUtf8(files.read(path))) === text;
}
