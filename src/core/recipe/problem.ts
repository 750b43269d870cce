import { toolTreeMount } from './mount.ts';
import { recipeLimits } from './recipe.ts';
import type { RecipeAlternative, RecipeLibrary } from './recipe.ts';

/** What the interposer would not take of an alternative, or what could make it take a wrong decision. */
export function problemOf(alternative: RecipeAlternative): string | undefined {
  const { size, xxh64, libraries, exec } = alternative;
  if (!isSize(size)) return `size ${size} is not a number of bytes`;
  if (!/^[0-9a-f]{16}$/.test(xxh64)) return `xxh64 ${xxh64} is not 16 lower-case hexadecimal digits`;
  if (!exec.startsWith(`${toolTreeMount}/`)) return `exec ${exec} is not below ${toolTreeMount}/`;
  if (!isPlainPath(exec))
    return `exec ${exec} has empty, . or .. parts, or more than ${recipeLimits.path} bytes`;
  return problemOfLibraries(libraries) ?? problemOfWords(alternative);
}

function problemOfLibraries(libraries: readonly RecipeLibrary[]): string | undefined {
  for (const { path, size, buildId } of libraries) {
    if (!path.startsWith('/')) return `the library ${path} is not an absolute path`;
    if (!isSize(size)) return `the library ${path} has a size of ${size}`;
    if (!/^(?:[0-9a-f]{2})+$/.test(buildId) || buildId.length > recipeLimits.buildIdDigits)
      return `the library ${path} has the build id ${buildId}`;
  }
  return undefined;
}

function problemOfWords(alternative: RecipeAlternative): string | undefined {
  const {
    bail = [],
    bailarg = [],
    bailenv = [],
    needenv = [],
    need = [],
    unless = [],
    map = [],
    insert = [],
    arg0,
  } = alternative;
  const words = [
    ...[...bail, ...bailarg, ...need, ...insert, ...(arg0 === undefined ? [] : [arg0])],
    ...map.flatMap(({ from, to }) => [from, to]),
  ];
  if (words.some((word) => word === '' || word.includes('\0')))
    return 'an empty word, or one with a zero byte';
  const variable = [...bailenv, ...needenv].find((name) => name === '' || /[=\0]/.test(name));
  if (variable !== undefined) return `${variable} is no environment variable`;
  const path = unless.find((one) => !one.startsWith('/') || one.includes('\0'));
  return path === undefined ? undefined : `unless ${path} is not an absolute path`;
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
