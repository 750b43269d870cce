import { existsSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import type { RecipeLibrary } from '../../core/recipe/recipe.ts';
import { NotThere } from '../packages/host-files.ts';
import { mergedUsr } from '../../debian/index.ts';

/** What directories of a program's own have to do with what the loader takes. */
export interface OwnDirectories {
  /** Emulated with one of them. */
  readonly unless: readonly string[];
  /** Emulated where the first is there and another file than the second. */
  readonly same: readonly { readonly path: string; readonly other: string }[];
}

/** A program or library whose directories are looked through before the loader asks its cache. */
export interface Searching {
  /** Undefined: the program. */
  readonly name: string | undefined;
  /** DT_RUNPATH. */
  readonly runPath: string;
  /** DT_NEEDED. */
  readonly needed: readonly string[];
}

/**
 * Conditions under which DT_RUNPATH leads to the same libraries as the cache does, or to none. Dots stay in the paths: what the
 * kernel makes of them where a directory is a link is what the loader gets.
 *
 * @param root of the guest's packages
 * @param program below the root
 * @param libraries by soname: where the cache has them
 * @throws NotThere for directories that cannot be told, and for loaders that look into more of them
 */
export function ownDirectories(
  root: string,
  program: string,
  libraries: ReadonlyMap<string, RecipeLibrary>,
  searching: readonly Searching[],
): OwnDirectories {
  refuseOldLoaders(root, libraries);
  const unless = new Set<string>();
  const same = new Map<string, { path: string; other: string }>();
  const looked = new Set<string>();
  const look = (one: Searching, origin: string): void => {
    for (const directory of directoriesOf(one.runPath, origin)) {
      const plain = posix.normalize(directory);
      if (looked.has(`${one.name ?? ''} ${plain}`)) continue;
      looked.add(`${one.name ?? ''} ${plain}`);
      if (!existsSync(`${root}/${mergedUsr(`${plain.slice(1)}/`)}`)) {
        unless.add(directory);
        continue;
      }
      // Libraries for better processors are preferred to those beside them.
      unless.add(`${directory}/glibc-hwcaps`);
      for (const name of one.needed) {
        const other = libraries.get(name)?.path;
        if (other === undefined) continue;
        same.set(`${plain}/${name}`, same.get(`${plain}/${name}`) ?? { path: `${directory}/${name}`, other });
        // What is found there has its own directories beginning there.
        for (const next of searching) if (next.name === name) look(next, directory);
      }
    }
  };
  for (const one of searching) {
    const place = one.name === undefined ? `/${program}` : libraries.get(one.name)?.path;
    if (place === undefined) continue;
    const origin = posix.dirname(place);
    look(one, origin);
    // The cache may have it by either name.
    if (one.name !== undefined && !origin.startsWith('/usr/')) look(one, `/usr${origin}`);
    if (one.name !== undefined && origin.startsWith('/usr/')) look(one, origin.slice('/usr'.length));
  }
  return { unless: [...unless], same: [...same.values()] };
}

/** Where the loader looks first, for an object that lies there. */
function directoriesOf(runPath: string, origin: string): string[] {
  return runPath.split(':').map((part) => {
    const directory = part.replace(/^\$(?:ORIGIN|\{ORIGIN\})(?=\/|$)/, origin);
    if (!directory.startsWith('/') || directory.includes('$'))
      throw new NotThere(`the loader looks into a directory that cannot be told: ${part}`);
    return directory;
  });
}

/** Before glibc 2.37 loaders preferred further directories below each: `tls`, and those named by the processor. */
function refuseOldLoaders(root: string, libraries: ReadonlyMap<string, RecipeLibrary>): void {
  const libc = libraries.get('libc.so.6');
  const content =
    libc === undefined ? '' : readFileSync(`${root}/${mergedUsr(libc.path.slice(1))}`, 'latin1');
  const [, major = '0', minor = '0'] = /release version (\d+)\.(\d+)/.exec(content) ?? [];
  if (Number(major) * 1000 + Number(minor) < 2037)
    throw new NotThere(
      'it has directories of its own, and its loader (glibc before 2.37) may look elsewhere, too',
    );
}
