import { readFileSync } from 'node:fs';
import type { Architecture } from '../../core/architecture.ts';
import { bytesSource } from '../../core/byte-source.ts';
import { neededLibraries } from '../../core/elf-needed.ts';
import { readElf } from '../../core/elf.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Programs } from '../../debian-programs/index.ts';
import { fileInside } from '../../debian/index.ts';
import { withInterpreter } from './adopt-program.ts';
import { ownDirectory, shellScript, startScript } from './boot-script.ts';

/** A file below the image's root that belongs to root. */
export interface OwnFile {
  readonly path: string;
  readonly content: Uint8Array;
  readonly mode: number;
}

const loaderName = 'ld';
/** Written over the loader's path in programs, of which mipsel's is the shortest: `/lib/ld.so.1`. */
export const ownLoader = `/${ownDirectory}/${loaderName}`;

/**
 * What a container image lacks to be a machine: a busybox, an SSH server with its libraries and loader, a script. Nothing of it takes
 * the place of a file of the image.
 *
 * @param programs of that architecture, unpacked
 * @param environment of the image, `K=V`
 */
export function ownFiles(
  programs: Programs,
  architecture: Architecture,
  environment: readonly string[],
): OwnFile[] {
  const place = (name: string) => `${ownDirectory}/${name}`;
  const busybox = readFileSync(required(programs.programFile('busybox'), 'busybox'));
  const libraries = new Map<string, Uint8Array>();
  /** Of a program and of its libraries, by the names that they are asked for by. */
  const collect = (file: Uint8Array): void => {
    for (const name of neededLibraries(bytesSource(file)).names) {
      if (libraries.has(name) || isLoader(name)) continue;
      const content = readFileSync(required(libraryFile(programs, architecture, name), name));
      libraries.set(name, content);
      collect(content);
    }
  };
  let interpreter: { readonly path: string; readonly content: Uint8Array } | undefined;
  const adopted = ['dropbear', 'dropbearconvert', 'dropbearkey'].map((name): OwnFile => {
    const program = readFileSync(required(programs.programFile(name), name));
    const path = required(readElf(bytesSource(program)).interpreter, `the loader of ${name}`);
    const content = readFileSync(
      `${programs.root}/${required(fileInside(programs.root, path.slice(1)), path)}`,
    );
    interpreter ??= { path, content };
    collect(program);
    return { path: place(`bin/${name}`), content: withInterpreter(program, path, ownLoader), mode: 0o755 };
  });
  if (interpreter === undefined) throw new Error('no program was adopted');
  return [
    { path: place('start'), content: Buffer.from(startScript()), mode: 0o755 },
    { path: place('shell'), content: Buffer.from(shellScript(environment)), mode: 0o755 },
    { path: place('bin/busybox'), content: busybox, mode: 0o755 },
    ...adopted,
    { path: place(loaderName), content: interpreter.content, mode: 0o755 },
    ...[...libraries].map(([name, content]) => ({ path: place(`lib/${name}`), content, mode: 0o644 })),
  ];
}

/** Debian has libraries in a directory by the name of the architecture, and has had them directly in lib. */
function libraryFile({ root }: Programs, { triplets }: Architecture, name: string): string | undefined {
  const directories = [...triplets.map((one) => `usr/lib/${one}`), 'usr/lib', 'usr/lib64'];
  const found = directories
    .map((directory) => fileInside(root, `${directory}/${name}`))
    .find((path) => path !== undefined);
  return found === undefined ? undefined : `${root}/${found}`;
}

function isLoader(name: string): boolean {
  return /^ld(-linux[\w-]*|64)?\.so\.\d+$/.test(name);
}

function required<T>(value: T | undefined, what: string): T {
  if (value !== undefined) return value;
  throw new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `Debian's packages have no ${what} for this machine`, {
    hint: 'name a disk image instead: --image FILE|URL, or --image debian',
  });
}
