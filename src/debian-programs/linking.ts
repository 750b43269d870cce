import * as fs from 'node:fs';
import { posix } from 'node:path';
import { bytesSource } from '../core/byte-source.ts';
import { neededLibraries } from '../core/elf-needed.ts';
import { readElf } from '../core/elf.ts';
import { fileInside } from '../debian/index.ts';

/** What starting a program takes. Paths are below the root that it is in. */
export interface Linking {
  /** Undefined for a static program. */
  readonly loader: string | undefined;
  /** Where its libraries are, and theirs. */
  readonly directories: readonly string[];
  /** Libraries that are nowhere, each with the file that needs it. */
  readonly missing: readonly { readonly library: string; readonly neededBy: string }[];
}

/** Libraries of a root, by the names that programs ask for: some are in directories of their own. */
export type LibraryIndex = ReadonlyMap<string, string>;

/**
 * Follows a program's libraries in a root.
 *
 * @param program path below the root
 * @returns undefined for a file that is no ELF program
 * @throws AnyarchError ANYARCH_ELF_INVALID
 */
export function readLinking(root: string, program: string, libraries: LibraryIndex): Linking | undefined {
  const bytes = fs.readFileSync(`${root}/${program}`);
  if (!isElf(bytes)) return undefined;
  const { interpreter } = readElf(bytesSource(bytes));
  const directories = new Set<string>();
  const seen = new Set<string>();
  const missing: { library: string; neededBy: string }[] = [];
  const visit = (file: string, content: Uint8Array): void => {
    for (const library of neededLibraries(bytesSource(content)).names) {
      if (seen.has(library)) continue;
      seen.add(library);
      const place = libraries.get(library);
      const found = place === undefined ? undefined : fileInside(root, place);
      if (place === undefined || found === undefined) {
        missing.push({ library, neededBy: file });
        continue;
      }
      directories.add(posix.dirname(place));
      visit(found, fs.readFileSync(`${root}/${found}`));
    }
  };
  visit(program, bytes);
  const loader = interpreter === undefined ? undefined : fileInside(root, interpreter.slice(1));
  if (interpreter !== undefined && loader === undefined)
    missing.push({ library: interpreter, neededBy: program });
  return { loader, directories: [...directories].toSorted(), missing };
}

/** Nearer the top first, where one name is in several directories. */
export function indexLibraries(root: string): LibraryIndex {
  const found = new Map<string, string>();
  const queue = ['usr/lib', 'usr/lib64', 'usr/lib32'];
  for (let directory = queue.shift(); directory !== undefined; directory = queue.shift()) {
    for (const entry of entriesOf(`${root}/${directory}`)) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory()) queue.push(path);
      else if (/\.so(\.|$)/.test(entry.name) && !found.has(entry.name)) found.set(entry.name, path);
    }
  }
  return found;
}

function entriesOf(directory: string): fs.Dirent[] {
  return fs.existsSync(directory) ? fs.readdirSync(directory, { withFileTypes: true }) : [];
}

function isElf(bytes: Uint8Array): boolean {
  return bytes.length > 4 && bytes[0] === 0x7f && bytes[1] === 0x45 && bytes[2] === 0x4c && bytes[3] === 0x46;
}
