import type { Host } from '../host/host.ts';
import type { Tool } from './tool.ts';

/** To be counted up when the same input gives other files: sets that were made before are made anew. */
export const setFormat = 2;

/** A tool with its patterns expanded, and where its native program was extracted to. */
export interface SetProgram {
  readonly tool: Tool;
  /** Path of the program in the set: `bin/cc1plus`. */
  readonly path: string;
  /** The native program as Debian made it: absolute path, verified. */
  readonly file: string;
  /** The guest's program that it replaces: absolute path, verified. Adapting may read what it has compiled in. */
  readonly guestFile: string;
}

/** A library that the set needs: all of the closure of DT_NEEDED is among them, the loader is not. */
export interface SetLibrary {
  /** Its soname or, loaded at run time, its file's name: the name in the set. */
  readonly name: string;
  /** Absolute path, verified. */
  readonly file: string;
}

export interface SetInput {
  /** The set's directory in the tree: six characters of a–z and 2–7. Containers see it as `/dev/.anyarch/ID`. */
  readonly id: string;
  readonly host: {
    /** QEMU's name: `x86_64`. */
    readonly architecture: string;
    /** Debian's name: `amd64`. */
    readonly debian: string;
    /** `x86_64-linux-gnu` */
    readonly triplet: string;
  };
  /** Of a set that serves all architectures: the first that it is made for. */
  readonly guest: {
    /** QEMU's name: `aarch64`. */
    readonly architecture: string;
    /** Debian's name: `arm64`. */
    readonly debian: string;
    readonly triplet: string;
  };
  readonly programs: readonly SetProgram[];
  readonly libraries: readonly SetLibrary[];
  /** The native loader as Debian made it: absolute path, verified. Undefined when all programs are linked statically. */
  readonly loader: string | undefined;
}

export interface SetFile {
  /** Below the set's directory: `ld`, `libz.so.1`, `bin/cc1plus`. */
  readonly path: string;
  readonly content: Uint8Array;
  readonly executable: boolean;
}

/** A program that cannot be made to behave as the guest's: it is left out, the others go on. */
export interface NotAdapted {
  /** The tool's name. */
  readonly name: string;
  readonly reason: string;
}

/**
 * Makes the files of a set, one after the other, as only one of them need be in memory.
 *
 * @param sink is awaited before the next file is made
 * @returns what was left out; its program is not handed over
 * @throws AnyarchError when no set can be made for this host at all (a loader whose strings cannot be replaced)
 */
export type MakeSet = (
  host: Pick<Host, 'files'>,
  input: SetInput,
  sink: (file: SetFile) => Promise<void>,
) => Promise<readonly NotAdapted[]>;
