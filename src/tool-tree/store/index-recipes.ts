import { recipeDirectory, recipeName } from '../../core/recipe/mount.ts';
import { formatRecipe } from '../../core/recipe/format.ts';
import type { RecipeAlternative } from '../../core/recipe/recipe.ts';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { toolTreeDirectory } from '../places.ts';
import type { Pairing } from './pairing.ts';

/**
 * The recipes of pairings, by file name. What serves the same program stands in one recipe, the newest first: the guest's
 * libraries tell which of them counts.
 */
export function recipesOf(pairings: readonly Pairing[]): ReadonlyMap<string, string> {
  const alternatives = new Map<string, RecipeAlternative[]>();
  for (const { tools } of pairings.toSorted((a, b) => (a.madeAt < b.madeAt ? 1 : -1)))
    for (const { buildId, recipe } of tools) {
      const name = recipeName({ buildId, size: recipe.size });
      alternatives.set(name, [...(alternatives.get(name) ?? []), recipe]);
    }
  return new Map([...alternatives].map(([name, all]) => [name, format(all)]));
}

/** As many of them as fit. The oldest ones are for versions that guests have been brought on from. */
function format(alternatives: readonly RecipeAlternative[]): string {
  const distinct = alternatives.filter(
    (one, index) =>
      alternatives.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
  );
  for (let count = distinct.length; ; count -= 1) {
    try {
      return formatRecipe({ alternatives: distinct.slice(0, count) });
    } catch (error) {
      if (count <= 1 || !(error instanceof AnyarchError)) throw error;
    }
  }
}

/**
 * Makes the tree's recipes those of these pairings: each file is replaced as a whole, and what is no recipe of them goes.
 * Only with the lock.
 */
export function writeRecipes(host: Pick<Host, 'files'>, state: string, pairings: readonly Pairing[]): void {
  const { files } = host;
  const directory = `${toolTreeDirectory(state)}/${recipeDirectory}`;
  const wanted = recipesOf(pairings);
  files.makeDirectory(directory, 0o755);
  for (const name of files.list(directory)) if (!wanted.has(name)) files.remove(`${directory}/${name}`);
  for (const [name, text] of wanted)
    if (!isSame(host, `${directory}/${name}`, text))
      files.writeAtomic(`${directory}/${name}`, encodeUtf8(text), 0o644);
}

function isSame({ files }: Pick<Host, 'files'>, path: string, text: string): boolean {
  return ignoring(['ENOENT', 'EISDIR', 'EACCES'], () => decodeUtf8(files.read(path))) === text;
}
