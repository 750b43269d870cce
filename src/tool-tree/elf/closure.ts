import type { ElfImage } from './image.ts';
import { neededLibraries } from './needed.ts';
import { readVersions } from './versions.ts';
import { dynamicSymbols } from './dynamic-symbols.ts';

/** What a file needs from libraries and gives to others. */
export interface Linking {
  /** DT_NEEDED, in order. */
  readonly needed: readonly string[];
  /** `name@VERSION`, or the name alone. */
  readonly wanted: readonly string[];
  /** `name@VERSION` and the name alone, both. */
  readonly given: ReadonlySet<string>;
}

/** @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE */
export function readLinking(image: ElfImage): Linking {
  const versions = readVersions(image);
  const wanted: string[] = [];
  const given = new Set<string>();
  for (const { name, index, isDefined, isWeak } of dynamicSymbols(image)) {
    const version = versions[index];
    const full = version === undefined ? name : `${name}@${version}`;
    if (isDefined) given.add(full).add(name);
    else if (!isWeak && name !== '') wanted.push(full);
  }
  return { needed: neededLibraries(image), wanted, given };
}

/**
 * Why a program would not start, or end at its first call: a library of the closure that is not there, or a symbol that
 * none of them has in that version. The same as a start with LD_BIND_NOW finds, without starting it.
 *
 * @param libraries by name: all that is there, the loader too
 * @returns undefined when all is there
 */
export function missingFor(program: Linking, libraries: ReadonlyMap<string, Linking>): string | undefined {
  const closure = new Map<string, Linking>();
  const queue = [...program.needed];
  for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
    if (closure.has(name)) continue;
    const library = libraries.get(name);
    if (library === undefined) return `the library ${name} is not there`;
    closure.set(name, library);
    queue.push(...library.needed);
  }
  const all = [program, ...closure.values()];
  for (const { wanted } of all) {
    const missing = wanted.find((symbol) => !all.some(({ given }) => given.has(symbol)));
    if (missing !== undefined) return `the symbol ${missing} is in none of its libraries`;
  }
  return undefined;
}
