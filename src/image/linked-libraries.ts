import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import type { HostPlatform } from './host-platform.ts';

/** Linked into the image's program. */
export interface LinkedLibrary {
  readonly name: string;
  /** Debian's. */
  readonly version: string;
  /** What it was taken from, in Debian's archive. */
  readonly file: string;
  /** Of that file. */
  readonly sha256: string;
}

/**
 * What the build of the programs has written down; nothing where it has not.
 *
 * @param directory holds `ingredients.json`
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND when that is damaged
 */
export async function linkedLibraries(
  directory: string,
  { fileName }: HostPlatform,
): Promise<readonly LinkedLibrary[]> {
  const file = join(directory, 'ingredients.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return [];
  const libraries = librariesIn(text, fileName);
  if (libraries !== undefined) return libraries;
  throw new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `${file} does not say what ${fileName} is made of`, {
    hint: 'build it with npm run build:entrypoint',
    details: { path: file },
  });
}

function librariesIn(text: string, fileName: string): LinkedLibrary[] | undefined {
  try {
    const { programs } = JSON.parse(text) as { programs?: Record<string, unknown> };
    const libraries = programs?.[fileName];
    return Array.isArray(libraries) && libraries.every(isLibrary) ? libraries : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return undefined;
    throw error;
  }
}

function isLibrary(value: unknown): value is LinkedLibrary {
  const { name, version, file, sha256 } = (value ?? {}) as Partial<Record<keyof LinkedLibrary, unknown>>;
  return [name, version, file, sha256].every((text) => typeof text === 'string');
}
