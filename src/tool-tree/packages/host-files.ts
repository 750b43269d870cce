import { readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileInside, type IndexedPackage, mergedUsr, type Offers, unpackTree } from '../../debian/index.ts';
import type { OnProgress } from '../../transfer/index.ts';
import { libraryDirectories, type PackageSide } from '../plan/side.ts';
import { readNeeded } from './needed.ts';

/** Why a program cannot be had: it is left out, the others go on. */
export class NotThere extends Error {}

export interface HostFilesOptions {
  readonly side: PackageSide;
  readonly offers: Pick<Offers, 'download'>;
  /** Where they are unpacked to. */
  readonly directory: string;
  /** The package of this name to take; a text says why there is none. */
  readonly choose: (name: string) => IndexedPackage | string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** A native program with all that it loads. */
export interface HostProgram {
  /** Absolute. */
  readonly file: string;
  /** Absolute; undefined for a program that is linked statically. */
  readonly loader: string | undefined;
  /** By name in the set: absolute paths. */
  readonly libraries: ReadonlyMap<string, string>;
  /** Everything that these files are from. */
  readonly packages: ReadonlySet<IndexedPackage>;
}

/** Native programs and libraries, unpacked from their packages when they are asked for. */
export interface HostFiles {
  /** Several files of one package are unpacked in one pass when they are announced together. */
  unpack(one: IndexedPackage, paths: readonly string[]): Promise<void>;
  /**
   * @param dlopened files that it loads by itself
   * @throws NotThere when a file or library is missing
   */
  program(
    one: IndexedPackage,
    path: string,
    dlopened: readonly { readonly package: IndexedPackage; readonly path: string }[],
  ): Promise<HostProgram>;
}

export function hostFiles(options: HostFilesOptions): HostFiles {
  const { side, offers, directory } = options;
  const directories = libraryDirectories(side).filter((one) => one.startsWith('usr/'));
  /** By merged path. */
  const owners = new Map<string, IndexedPackage>();
  const unpacked = new Map<IndexedPackage, Set<string>>();

  const isLibrary = (path: string) => directories.includes(posix.dirname(path)) && path.includes('.so');
  const unpack = async (one: IndexedPackage, paths: readonly string[]) => {
    const done = unpacked.get(one);
    const wanted = new Set(paths.map(mergedUsr).filter((path) => done?.has(path) !== true));
    if (done !== undefined && wanted.size === 0) return;
    const subject = `${one.name} ${one.version} ${one.architecture}`;
    const written = await unpackTree(await offers.download(one), directory, {
      wants: (path) => wanted.has(path) || isLibrary(path),
      signal: options.signal,
      onProgress: options.onProgress,
      subject,
    });
    for (const path of written.keys()) owners.set(path, one);
    unpacked.set(one, new Set([...(done ?? []), ...wanted]));
  };
  const findLibrary = (name: string) =>
    directories
      .map((one) => fileInside(directory, `${one}/${name}`))
      .find((path): path is string => path !== undefined);

  /** Where a library of an ELF file is: dependencies of its package are opened until it is found. */
  const library = async (name: string, of: IndexedPackage): Promise<string> => {
    const known = findLibrary(name);
    if (known !== undefined) return known;
    const reasons: string[] = [];
    for (const candidate of likeliestFirst(name, [of.name, ...of.depends])) {
      const chosen = candidate === of.name ? of : options.choose(candidate);
      if (typeof chosen === 'string') {
        reasons.push(chosen);
        continue;
      }
      if (unpacked.has(chosen)) continue;
      await unpack(chosen, []);
      const found = findLibrary(name);
      if (found !== undefined) return found;
    }
    const why = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`;
    throw new NotThere(
      `${of.name} ${of.version} for ${side.debian} needs ${name}, which no package that it depends on has${why}`,
    );
  };

  const ownerOf = (path: string): IndexedPackage => {
    const owner = owners.get(path);
    if (owner === undefined) throw new Error(`${path} was unpacked from no package`);
    return owner;
  };

  return {
    unpack,
    program: async (one, path, dlopened) => {
      const libraries = new Map<string, string>();
      const packages = new Set<IndexedPackage>([one]);
      let loader: string | undefined;
      const visit = async (file: string): Promise<void> => {
        const owner = ownerOf(file);
        packages.add(owner);
        for (const name of readNeeded(readFileSync(`${directory}/${file}`)).libraries) {
          if (libraries.has(name)) continue;
          const found = await library(name, owner);
          if (isLoader(name)) loader = found;
          else libraries.set(name, `${directory}/${found}`);
          await visit(found);
        }
      };
      await unpack(one, [path]);
      const program = fileInside(directory, path);
      if (program === undefined)
        throw new NotThere(`${one.name} ${one.version} for ${side.debian} has no file ${path}`);
      await visit(program);
      for (const { package: other, path: wanted } of dlopened) {
        await unpack(other, [wanted]);
        const found = fileInside(directory, wanted);
        if (found === undefined)
          throw new NotThere(`${other.name} ${other.version} for ${side.debian} has no file ${wanted}`);
        libraries.set(posix.basename(wanted), `${directory}/${found}`);
        await visit(found);
      }
      return {
        file: `${directory}/${program}`,
        loader: loader === undefined ? undefined : `${directory}/${loader}`,
        libraries,
        packages,
      };
    },
  };
}

/** `ld-linux-x86-64.so.2`, `ld64.so.2`, `ld-linux-armhf.so.3` */
function isLoader(soname: string): boolean {
  return /^ld(-linux[\w-]*|64)\.so\.\d+$/.test(soname);
}

/** Packages of libraries are called nearly as these: `libgmp.so.10` is in libgmp10, `libz.so.1` in zlib1g. */
function likeliestFirst(soname: string, names: readonly string[]): string[] {
  const stem = soname.replace(/\.so.*$/, '').toLowerCase();
  const version = /\.so\.(\d+)/.exec(soname)?.[1] ?? '';
  const rank = (name: string) => {
    if (name === `${stem}${version}` || name === `${stem}-${version}`) return 0;
    if (name.startsWith(stem)) return 1;
    if (soname.startsWith('lib') && name.includes(stem.slice(3))) return 2;
    return name.startsWith('lib') || name.startsWith('zlib') ? 3 : 4;
  };
  return [...new Set(names)].toSorted((a, b) => rank(a) - rank(b));
}
