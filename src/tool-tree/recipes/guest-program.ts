import { readFileSync } from 'node:fs';
import xxhash from 'xxhash-wasm';
import { bytesSource } from '../../core/byte-source.ts';
import { readElf } from '../../core/elf.ts';
import type { RecipeLibrary } from '../../core/recipe/recipe.ts';
import { NotThere } from '../packages/host-files.ts';
import type { OriginalPaths } from '../packages/guest-root.ts';
import { fileInside, mergedUsr } from '../../debian/index.ts';
import { readNeeded } from '../packages/needed.ts';
import { libraryDirectories, type PackageSide } from '../plan/side.ts';
import { ownDirectories, type Searching } from './run-path.ts';

/** What a recipe is for: a guest's program as Debian made it, and what it loads. */
export interface GuestProgram {
  /** Absolute path of the verified file, outside of any guest. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
  readonly xxh64: string;
  readonly buildId: string | undefined;
  readonly libraries: readonly RecipeLibrary[];
  /** What would have the guest's program see other files: with one of them it is emulated. */
  readonly instead: readonly string[];
  /** The only path at which it is what the recipe takes it for. */
  readonly at: readonly string[];
  /** Emulated where the first is there and another file than the second. */
  readonly same: readonly { readonly path: string; readonly other: string }[];
}

/**
 * @param path of the program in its package
 * @param dlopened sonames, or absolute paths in the guest, of what it loads by itself
 * @throws NotThere when it, or something that it loads, is not as a recipe needs it
 */
export async function guestProgram(
  root: string,
  side: PackageSide,
  path: string,
  originals: OriginalPaths,
  dlopened: readonly string[],
): Promise<GuestProgram> {
  const found = fileInside(root, path);
  if (found === undefined) throw new NotThere(`the guest's package has no file ${path}`);
  const content = readFileSync(`${root}/${found}`);
  const elf = readElf(bytesSource(content));
  const hash = await hasher();
  const libraries = new Map<string, RecipeLibrary>();
  const searching: Searching[] = [];
  const visit = (bytes: Uint8Array, further: readonly string[], soname: string | undefined) => {
    const { libraries: names, runPath, isInherited } = readNeeded(bytes);
    if (runPath !== undefined && !isUsual(side, runPath)) {
      if (isInherited)
        throw new NotThere(`${path} or a library of it has directories for all its libraries (${runPath})`);
      searching.push({ runPath, name: soname, needed: names });
    }
    for (const name of [...names, ...further]) {
      if (libraries.has(name)) continue;
      const place = findLibrary(root, side, name);
      if (place === undefined) throw new NotThere(`no package of the guest has ${name}, which ${path} loads`);
      const library = readFileSync(`${root}/${place.file}`);
      const { buildId } = readElf(bytesSource(library));
      if (buildId === undefined) throw new NotThere(`${name}, which ${path} loads, has no build id`);
      libraries.set(name, {
        path: `/${originalOf(originals, place.path)}`,
        size: library.length,
        buildId,
        xxh64: hash(library),
      });
      visit(library, [], name);
    }
  };
  visit(content, dlopened, undefined);
  const own = searching.length === 0 ? undefined : ownDirectories(root, found, libraries, searching);
  return {
    file: `${root}/${found}`,
    size: content.length,
    xxh64: hash(content),
    buildId: elf.buildId,
    libraries: [...libraries.values()],
    instead: [
      ...prefixesOfQemu(side),
      ...(libraries.size === 0 ? [] : betterLibraries(side)),
      ...(own?.unless ?? []),
    ],
    at: own === undefined ? [] : [`/${found}`],
    same: own?.same ?? [],
  };
}

let loaded: Promise<(content: Uint8Array) => string> | undefined;

function hasher(): Promise<(content: Uint8Array) => string> {
  loaded ??= xxhash().then(
    (functions) => (content) => functions.h64Raw(content, 0n).toString(16).padStart(16, '0'),
  );
  return loaded;
}

function findLibrary(
  root: string,
  side: PackageSide,
  name: string,
): { readonly path: string; readonly file: string } | undefined {
  const directories = name.startsWith('/') ? [''] : libraryDirectories(side);
  for (const directory of directories) {
    const path = mergedUsr(directory === '' ? name.slice(1) : `${directory}/${name}`);
    const file = fileInside(root, path);
    if (file !== undefined) return { path, file };
  }
  return undefined;
}

/** Directories that are looked through anyway, which some builds write into programs. */
function isUsual(side: PackageSide, runPath: string): boolean {
  return runPath.split(':').every((one) => libraryDirectories(side).includes(one.replace(/^\//, '')));
}

/** As the package calls it, which holds with a merged /usr and without. */
function originalOf(originals: OriginalPaths, path: string): string {
  return originals.get(path) ?? path;
}

/**
 * Libraries for better processors, which the loader prefers to those beside them; for all other directories the interposer asks the
 * loader's cache.
 */
function betterLibraries({ triplet }: PackageSide): string[] {
  return ['/usr/lib', '/lib'].map((directory) => `${directory}/${triplet}/glibc-hwcaps`);
}

/** QEMU gives an emulated program the files of this directory in the place of those outside: its default for `-L`. */
function prefixesOfQemu({ architecture }: PackageSide): string[] {
  return [`/usr/gnemul/qemu-${architecture.name}`];
}
