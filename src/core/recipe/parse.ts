import { AnyarchError } from '../error.ts';
import { checkSum } from './check-sum.ts';
import { listed } from './listed.ts';
import { problemOf } from './problem.ts';
import { recipeLimits } from './recipe.ts';
import type { Recipe, RecipeAlternative, RecipeNative } from './recipe.ts';
import { decodeWord } from './word.ts';

/**
 * Reads a recipe's file as the interposer does.
 *
 * @throws AnyarchError ANYARCH_RECIPE_INVALID for one that it would not follow; `details.line` counts from 1
 */
export function parseRecipe(text: string): Recipe {
  if (text.length > recipeLimits.size)
    throw invalid(1, `more than ${recipeLimits.size} bytes: ${text.length}`);
  const lines = text.split('\n');
  if (lines[0] !== 'anyarch-recipe 1') throw invalid(1, 'it does not begin with anyarch-recipe 1');
  if (lines.pop() !== '') throw invalid(lines.length + 1, 'it is cut off');
  const sum = lines.pop() ?? '';
  const body = text.slice(0, text.length - sum.length - 1);
  if (sum !== `sum ${checkSum(body)}`) throw invalid(lines.length + 1, 'its sum is another');
  const alternatives: RecipeAlternative[] = [];
  let draft: Draft | undefined;
  for (const [index, line] of lines.entries()) {
    if (index === 0) continue;
    const [name = '', ...words] = line.split(' ');
    const decoded = words.map((word) => decodeWord(word) ?? fail(index + 1, `${word} is no word`));
    if (name === 'for' && draft === undefined) draft = begin(decoded) ?? fail(index + 1, line);
    else if (draft === undefined) fail(index + 1, `${name} outside of an alternative`);
    else if (name === 'exec') {
      alternatives.push(finish(draft, decoded, index + 1));
      draft = undefined;
    } else if (!add(draft, name, decoded)) fail(index + 1, line);
  }
  if (draft !== undefined) throw invalid(lines.length, 'the last alternative has no exec');
  if (alternatives.length === 0) throw invalid(lines.length, 'it has no alternative');
  return { alternatives };
}

type List<T> = T extends readonly (infer Item)[] ? Item[] : never;
interface Draft {
  readonly size: number;
  readonly xxh64: string;
  readonly libraries: List<RecipeAlternative['libraries']>;
  readonly natives: RecipeNative[];
  readonly at: string[];
  readonly called: string[];
  readonly first: string[];
  readonly bail: string[];
  readonly bailarg: string[];
  readonly anyarg: string[];
  readonly contains: string[];
  readonly script: string[];
  readonly bailenv: string[];
  readonly needenv: string[];
  readonly need: string[];
  readonly unless: string[];
  readonly sibling: { option: string; suffix: string }[];
  readonly holds: { path: string; word: string }[];
  readonly same: { path: string; other: string }[];
  readonly map: { from: string; to: string }[];
  readonly insert: string[];
  arg0: string | undefined;
}

function begin([size = '', xxh64, ...rest]: readonly string[]): Draft | undefined {
  const bytes = sizeOf(size);
  if (bytes === undefined || xxh64 === undefined || rest.length > 0) return undefined;
  return {
    size: bytes,
    xxh64,
    ...{
      libraries: [],
      natives: [],
      at: [],
      called: [],
      first: [],
      bail: [],
      bailarg: [],
      anyarg: [],
      contains: [],
    },
    ...{
      script: [],
      bailenv: [],
      needenv: [],
      need: [],
      unless: [],
      same: [],
      sibling: [],
      holds: [],
      map: [],
      insert: [],
    },
    arg0: undefined,
  };
}

/** Whether the line was understood. */
function add(draft: Draft, name: string, [first, second, third, ...rest]: readonly string[]): boolean {
  if (first === undefined || rest.length > 1) return false;
  if (name === 'lib') {
    const size = sizeOf(second ?? '');
    const [hash] = rest;
    if (size === undefined || third === undefined || hash === undefined) return false;
    draft.libraries.push({ path: first, size, buildId: third, xxh64: hash === '-' ? undefined : hash });
    return true;
  }
  if (rest.length > 0) return false;
  if (name === 'native') {
    const size = sizeOf(second ?? '');
    if (size === undefined || !/^(?:0|[1-9][0-9]{0,18})$/.test(third ?? '')) return false;
    draft.natives.push({ path: first, size, changedAt: BigInt(third ?? '') });
    return true;
  }
  if (third !== undefined) return false;
  if (name === 'map' || name === 'sibling' || name === 'holds' || name === 'same') {
    if (second === undefined) return false;
    if (name === 'same') draft.same.push({ path: first, other: second });
    else if (name === 'map') draft.map.push({ from: first, to: second });
    else if (name === 'sibling') draft.sibling.push({ option: first, suffix: second });
    else draft.holds.push({ path: first, word: second });
    return true;
  }
  if (second !== undefined) return false;
  if (name === 'arg0') {
    if (draft.arg0 !== undefined) return false;
    draft.arg0 = first;
    return true;
  }
  if (!isListed(name)) return false;
  draft[name].push(first);
  return true;
}

function isListed(name: string): name is (typeof listed)[number] {
  return listed.some((one) => one === name);
}

function finish(draft: Draft, [exec, ...rest]: readonly string[], line: number): RecipeAlternative {
  if (exec === undefined || rest.length > 0) return fail(line, 'exec has one path');
  const alternative = { ...draft, exec };
  const problem = problemOf(alternative);
  return problem === undefined ? alternative : fail(line, problem);
}

function sizeOf(word: string): number | undefined {
  return /^(?:0|[1-9][0-9]{0,14})$/.test(word) ? Number(word) : undefined;
}

function fail(line: number, problem: string): never {
  throw invalid(line, problem);
}

function invalid(line: number, problem: string): AnyarchError {
  return new AnyarchError('ANYARCH_RECIPE_INVALID', `not a recipe, at line ${line}: ${problem}`, {
    details: { line },
  });
}
