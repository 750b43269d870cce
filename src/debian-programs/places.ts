import { stateDirectory } from '../host/state-directory.ts';
import type { System } from '../host/host.ts';

/** Files below the directory of programs. */
export interface ProgramPlaces {
  readonly directory: string;
  readonly lock: string;
  /** A package's files, unpacked once: named by the digest of the .deb. */
  packageTree(sha256: string): string;
  /** Programs with all that they load: named by what they are made of. */
  set(digest: string): string;
  readonly sets: string;
  /** Where things are made, before they are complete. */
  readonly making: string;
}

export function programPlaces(
  system: Pick<System, 'uid' | 'isForeignRoot' | 'environment' | 'home'>,
): ProgramPlaces {
  const directory = `${stateDirectory(system)}/programs`;
  return {
    directory,
    lock: `${directory}/lock`,
    packageTree: (sha256) => `${directory}/packages/${sha256}`,
    set: (digest) => `${directory}/sets/${digest}`,
    sets: `${directory}/sets`,
    making: `${directory}/making`,
  };
}

/** Below a set's directory. */
export const setFiles = { tree: 'tree', document: 'programs.json' } as const;
