import * as fs from 'node:fs';
import { posix } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { fileInside } from '../debian/index.ts';
import { indexLibraries, readLinking, type LibraryIndex } from './linking.ts';
import { noSuchProgram } from './program-error.ts';
import { programDirectories, type Programs } from './programs.ts';

export interface UnpackedSet {
  /** Absolute: the root that the packages were unpacked into. */
  readonly root: string;
  readonly digest: string;
  readonly versions: ReadonlyMap<string, string>;
}

/**
 * Programs of packages that were unpacked and never installed. Each is started through its own loader, which is told where its
 * libraries are: neither the host's C library nor its list of libraries takes part.
 */
export function unpackedPrograms({ root, digest, versions }: UnpackedSet): Programs {
  let libraries: LibraryIndex | undefined;
  const dataFile = (path: string) => {
    const found = fileInside(root, path.replace(/^\/+/, ''));
    return found === undefined ? undefined : `${root}/${found}`;
  };
  const find = (name: string) =>
    programDirectories
      .map((directory) => fileInside(root, `${directory}/${name}`))
      .find((path) => path !== undefined);
  const wordsOf = (path: string, name: string): string[] => {
    libraries ??= indexLibraries(root);
    const linking = readLinking(root, path, libraries);
    if (linking === undefined) return scriptWords(path, name);
    const [missing] = linking.missing;
    if (missing !== undefined) throw incomplete(name, missing);
    if (linking.loader === undefined) return [`${root}/${path}`];
    // What a program opens by itself is where most libraries are.
    const directories = new Set([...linking.directories, posix.dirname(linking.loader)]);
    const places = [...directories].map((directory) => `${root}/${directory}`).join(':');
    return [
      `${root}/${linking.loader}`,
      '--inhibit-cache',
      '--library-path',
      places,
      '--argv0',
      name,
      `${root}/${path}`,
    ];
  };
  const scriptWords = (path: string, name: string): string[] => {
    const [, interpreter, argument] =
      /^#!\s*(\S+)(?:[ \t]+(\S+))?/.exec(fs.readFileSync(`${root}/${path}`, 'latin1').slice(0, 256)) ?? [];
    const program = interpreter === undefined ? undefined : fileInside(root, interpreter.slice(1));
    if (interpreter === undefined || program === undefined)
      throw noSuchProgram(name, `in ${root} that can be started`, 'name the package of its interpreter, too');
    return [
      ...wordsOf(program, posix.basename(interpreter)),
      ...(argument === undefined ? [] : [argument]),
      `${root}/${path}`,
    ];
  };
  return {
    root,
    origin: 'unpacked',
    digest,
    versions,
    environment: {
      LD_PRELOAD: undefined,
      LD_LIBRARY_PATH: undefined,
      LD_AUDIT: undefined,
      // QEMU's own are those of its build.
      QEMU_MODULE_DIR: modulesOf(root),
    },
    dataFile,
    programFile: (name) => {
      const path = find(name);
      return path === undefined ? undefined : `${root}/${path}`;
    },
    command: (name) => {
      const path = find(name);
      if (path === undefined)
        throw noSuchProgram(name, `in ${root}`, 'name the package that has it when programs are fetched');
      return wordsOf(path, name);
    },
  };
}

/** `usr/lib/x86_64-linux-gnu/qemu` */
function modulesOf(root: string): string | undefined {
  const libraries = `${root}/usr/lib`;
  if (!fs.existsSync(libraries)) return undefined;
  return fs
    .readdirSync(libraries)
    .map((name) => `${libraries}/${name}/qemu`)
    .find((path) => fs.existsSync(path));
}

function incomplete(
  name: string,
  { library, neededBy }: { readonly library: string; readonly neededBy: string },
): AnyarchError {
  return new AnyarchError(
    'ANYARCH_PROGRAM_NOT_FOUND',
    `${name} cannot be started: ${neededBy} needs ${library}, which none of its packages has`,
    {
      hint: 'take another suite, or install the program',
      details: { program: name, library, neededBy },
    },
  );
}
