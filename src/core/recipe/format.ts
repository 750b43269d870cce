import { AnyarchError } from '../error.ts';
import { checkSum } from './check-sum.ts';
import type { listed } from './listed.ts';
import { problemOf } from './problem.ts';
import { recipeLimits } from './recipe.ts';
import type { Recipe, RecipeAlternative } from './recipe.ts';
import { encodeWord } from './word.ts';

/**
 * A recipe's file.
 *
 * @throws AnyarchError ANYARCH_RECIPE_INVALID
 */
export function formatRecipe({ alternatives }: Recipe): string {
  if (alternatives.length === 0) throw invalid('it has no alternative');
  for (const alternative of alternatives) {
    const problem = problemOf(alternative);
    if (problem !== undefined) throw invalid(problem);
  }
  const body = `anyarch-recipe 1\n${alternatives.flatMap(linesOf).join('')}`;
  const text = `${body}sum ${checkSum(body)}\n`;
  if (text.length > recipeLimits.size)
    throw invalid(`${text.length} bytes are more than ${recipeLimits.size}`);
  return text;
}

function linesOf(alternative: RecipeAlternative): string[] {
  const {
    size,
    xxh64,
    libraries,
    natives = [],
    exec,
    map = [],
    arg0,
    same = [],
    sibling = [],
    holds = [],
  } = alternative;
  const words = (...names: (typeof listed)[number][]): string[] =>
    names.flatMap((name) => (alternative[name] ?? []).map((word) => `${name} ${encodeWord(word)}\n`));
  return [
    `for ${size} ${xxh64}\n`,
    // What costs little stands before what costs more.
    ...words(
      'called',
      'at',
      'first',
      'bail',
      'bailarg',
      'anyarg',
      'contains',
      'bailenv',
      'needenv',
      'need',
      'unless',
    ),
    ...sibling.map(({ option, suffix }) => `sibling ${encodeWord(option)} ${encodeWord(suffix)}\n`),
    ...holds.map(({ path, word }) => `holds ${encodeWord(path)} ${encodeWord(word)}\n`),
    ...words('script'),
    ...same.map(({ path, other }) => `same ${encodeWord(path)} ${encodeWord(other)}\n`),
    ...natives.map(
      (native) => `native ${encodeWord(native.path)} ${native.size} ${native.changedAt.toString()}\n`,
    ),
    ...libraries.map(
      (library) =>
        `lib ${encodeWord(library.path)} ${library.size} ${library.buildId} ${library.xxh64 ?? '-'}\n`,
    ),
    ...map.map(({ from, to }) => `map ${encodeWord(from)} ${encodeWord(to)}\n`),
    ...words('insert'),
    ...(arg0 === undefined ? [] : [`arg0 ${encodeWord(arg0)}\n`]),
    `exec ${encodeWord(exec)}\n`,
  ];
}

function invalid(problem: string): AnyarchError {
  return new AnyarchError('ANYARCH_RECIPE_INVALID', `the recipe cannot be written: ${problem}`);
}
