import { sameFamily, type Architecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { Files } from '../host/files.ts';
import { followInside } from '../host/follow-inside.ts';
import { architectureOfFile, detectArchitecture } from '../run/index.ts';

export interface ProgramArchitecture {
  readonly architecture: Architecture;
  /** It has nothing to do with what the image says. */
  readonly isOther: boolean;
}

/**
 * What the program of an image is really for, by its ELF header: images that `docker import` of Docker 20.10 has made for
 * another platform say that they are for the host's.
 *
 * @param program as the command names it
 * @param environment of the guest, `K=V`, for its PATH
 * @param declared what the image says, which is believed where the files do not tell
 */
export function programArchitecture(
  files: Files,
  root: string,
  program: string,
  environment: readonly string[],
  declared: Architecture,
): ProgramArchitecture {
  const architecture = ofProgram(files, root, program, environment) ?? ofRoot(files, root) ?? declared;
  return { architecture, isOther: architecture !== declared && !sameFamily(architecture, declared) };
}

/** Undefined where it is a script, or nothing that could be read. */
function ofProgram(
  files: Files,
  root: string,
  program: string,
  environment: readonly string[],
): Architecture | undefined {
  const path = environment.findLast((setting) => setting.startsWith('PATH='))?.slice('PATH='.length);
  const places = program.includes('/')
    ? [program]
    : (path ?? '/usr/local/bin:/usr/bin:/bin').split(':').map((directory) => `${directory}/${program}`);
  for (const place of places) {
    if (!place.startsWith('/')) continue;
    const found = followInside(files, root, place);
    if (found !== undefined) return architectureOfFile(files, found);
  }
  return undefined;
}

function ofRoot(files: Files, root: string): Architecture | undefined {
  try {
    return detectArchitecture(files, root);
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_USAGE') return undefined;
    throw error;
  }
}
