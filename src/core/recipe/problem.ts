import { toolTreeMount } from './mount.ts';
import { recipeLimits } from './recipe.ts';
import type { RecipeAlternative, RecipeLibrary, RecipeNative } from './recipe.ts';

/** What the interposer would not take of an alternative, or what could make it take a wrong decision. */
export function problemOf(alternative: RecipeAlternative): string | undefined {
  const { size, xxh64, libraries, natives = [], exec } = alternative;
  if (!isSize(size)) return `size ${size} is not a number of bytes`;
  if (!isHash(xxh64)) return `xxh64 ${xxh64} is not 16 lower-case hexadecimal digits`;
  return (
    problemOfPath('exec', exec) ??
    problemOfNatives(natives) ??
    problemOfLibraries(libraries) ??
    problemOfWords(alternative)
  );
}

function problemOfPath(name: string, path: string): string | undefined {
  if (!path.startsWith(`${toolTreeMount}/`)) return `${name} ${path} is not below ${toolTreeMount}/`;
  if (isPlainPath(path)) return undefined;
  return `${name} ${path} has empty, . or .. parts, or more than ${recipeLimits.path} bytes`;
}

function problemOfNatives(natives: readonly RecipeNative[]): string | undefined {
  for (const { path, size, changedAt } of natives) {
    const problem = problemOfPath('native', path);
    if (problem !== undefined) return problem;
    if (!isSize(size)) return `native ${path} has a size of ${size}`;
    if (changedAt < 0n || changedAt >= 10n ** 19n) return `native ${path} was changed at ${changedAt} ns`;
  }
  return undefined;
}

function problemOfLibraries(libraries: readonly RecipeLibrary[]): string | undefined {
  for (const { path, size, buildId, xxh64 } of libraries) {
    if (!path.startsWith('/')) return `the library ${path} is not an absolute path`;
    if (!isSize(size)) return `the library ${path} has a size of ${size}`;
    if (!/^(?:[0-9a-f]{2})+$/.test(buildId) || buildId.length > recipeLimits.buildIdDigits)
      return `the library ${path} has the build id ${buildId}`;
    if (xxh64 !== undefined && !isHash(xxh64)) return `the library ${path} has the xxh64 ${xxh64}`;
  }
  return undefined;
}

function problemOfWords(alternative: RecipeAlternative): string | undefined {
  const {
    at = [],
    called = [],
    first = [],
    bail = [],
    bailarg = [],
    anyarg = [],
    contains = [],
    script = [],
    bailenv = [],
    needenv = [],
    need = [],
    unless = [],
    same = [],
    sibling = [],
    holds = [],
    map = [],
    insert = [],
    arg0,
  } = alternative;
  const words = [
    ...[...called, ...first, ...bail, ...bailarg, ...anyarg, ...contains, ...script, ...need, ...insert],
    ...(arg0 === undefined ? [] : [arg0]),
    ...sibling.flatMap(({ option, suffix }) => [option, suffix]),
    ...holds.map(({ word }) => word),
    ...map.flatMap(({ from, to }) => [from, to]),
  ];
  if (words.some((word) => word === '' || word.includes('\0')))
    return 'an empty word, or one with a zero byte';
  const variable = [...bailenv, ...needenv].find((name) => name === '' || /[=\0]/.test(name));
  if (variable !== undefined) return `${variable} is no environment variable`;
  const paths = [
    ...at,
    ...unless,
    ...holds.map(({ path }) => path),
    ...same.flatMap(({ path, other }) => [path, other]),
  ];
  const path = paths.find((one) => !one.startsWith('/') || one.includes('\0'));
  return path === undefined ? undefined : `${path} is not an absolute path`;
}

function isHash(text: string): boolean {
  return /^[0-9a-f]{16}$/.test(text);
}

function isSize(size: number): boolean {
  return Number.isSafeInteger(size) && size >= 0;
}

function isPlainPath(path: string): boolean {
  const parts = path.slice(1).split('/');
  return (
    path.length <= recipeLimits.path &&
    !path.includes('\0') &&
    parts.every((part) => part !== '' && part !== '.' && part !== '..')
  );
}
