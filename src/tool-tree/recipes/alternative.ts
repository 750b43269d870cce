import { toolTreeMount } from '../../core/recipe/mount.ts';
import type { RecipeAlternative, RecipeConditions } from '../../core/recipe/recipe.ts';
import { expand, type Variables } from '../plan/expand.ts';
import type { GuestProgram } from './guest-program.ts';

/** Rules that are no lists of words. */
const inPairs: ReadonlySet<string> = new Set(['map', 'sibling', 'holds', 'same']);

/**
 * What the interposer needs to know to start a native program for a guest's.
 *
 * @param set the set's name in the tree
 * @param path of the native program in the set
 */
export function recipeAlternative(
  program: GuestProgram,
  rules: RecipeConditions,
  variables: Variables,
  set: string,
  path: string,
): RecipeAlternative {
  const own = `${toolTreeMount}/${set}`;
  const known = { ...variables, set: own };
  const words = (list: readonly string[]) => list.map((word) => expand(word, known));
  const lists = Object.entries(rules).flatMap(([name, value]) =>
    !inPairs.has(name) && Array.isArray(value) ? [[name, words(value as string[])] as const] : [],
  );
  return {
    ...Object.fromEntries(lists),
    size: program.size,
    xxh64: program.xxh64,
    libraries: program.libraries,
    unless: [...new Set([...words(rules.unless ?? []), ...program.instead])],
    at: [...new Set([...words(rules.at ?? []), ...program.at])],
    same: program.same,
    ...(rules.sibling === undefined ? {} : { sibling: rules.sibling }),
    ...(rules.holds === undefined ? {} : { holds: rules.holds }),
    map: (rules.map ?? []).map(({ from, to }) => ({ from: expand(from, known), to: expand(to, known) })),
    ...(rules.arg0 === undefined ? {} : { arg0: expand(rules.arg0, known) }),
    exec: `${own}/${path}`,
  };
}
