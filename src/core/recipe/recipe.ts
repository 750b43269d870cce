/**
 * What the interposer does for guest programs of one build id: docs/interposer.md. The first alternative whose conditions
 * all hold is executed; where none does, the program is emulated.
 */
export interface Recipe {
  readonly alternatives: readonly RecipeAlternative[];
}

/** One content of the guest's program, and its native build. */
export interface RecipeAlternative extends RecipeConditions {
  /** Of the guest's program, in bytes. */
  readonly size: number;
  /** XXH64 with seed 0 of its whole content, 16 lower-case hexadecimal digits. */
  readonly xxh64: string;
  readonly libraries: readonly RecipeLibrary[];
  /** Emulated when one of them is not as it was when the tool tree was last verified. */
  readonly natives?: readonly RecipeNative[];
  /** The native program: an absolute path below the mount. */
  readonly exec: string;
}

/** Arguments are those behind argv[0]. Left out is the same as empty. */
export interface RecipeConditions {
  /** Emulated when the kernel has another path for the program, without links, or procfs cannot tell. */
  readonly at?: readonly string[];
  /** Emulated when the last part of argv[0] is none of them. */
  readonly called?: readonly string[];
  /** Emulated when the first argument is none of them, or there is none. */
  readonly first?: readonly string[];
  /** Emulated with an argument that begins so. */
  readonly bail?: readonly string[];
  /** Emulated with an argument that is equal. */
  readonly bailarg?: readonly string[];
  /** Emulated when no argument is equal to one of them. */
  readonly anyarg?: readonly string[];
  /** Emulated with an argument that has it anywhere. */
  readonly contains?: readonly string[];
  /**
   * The program is a shell: emulated when the script that it gets, by -c or in a file, has the word anywhere, cannot be read or
   * comes from standard input.
   */
  readonly script?: readonly string[];
  /** Emulated when the environment variable is set and not empty. */
  readonly bailenv?: readonly string[];
  /** Emulated when the environment variable is not set, or empty. */
  readonly needenv?: readonly string[];
  /** Emulated when no argument begins so; all of them must be met. */
  readonly need?: readonly string[];
  /** Emulated when the guest has such a path. */
  readonly unless?: readonly string[];
  /** Emulated when the word behind the argument `option`, with the suffix put to its end, is the path of something. */
  readonly sibling?: readonly { readonly option: string; readonly suffix: string }[];
  /** Emulated when `path` is there and leads to another file than `other`. */
  readonly same?: readonly { readonly path: string; readonly other: string }[];
  /** Emulated when the guest's file has the word anywhere, or cannot be read; one that is not there has nothing. */
  readonly holds?: readonly { readonly path: string; readonly word: string }[];
  /** An argument that begins with `from` gets `to` in the place of that; the first that fits. */
  readonly map?: readonly { readonly from: string; readonly to: string }[];
  /** Put behind argv[0], in this order. */
  readonly insert?: readonly string[];
  /** argv[0] in the place of the given one. */
  readonly arg0?: string | undefined;
}

/** A library that the guest's program would load: it must be in the guest, as it was when the recipe was made. */
export interface RecipeLibrary {
  /** Absolute, in the guest. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** GNU build id, lower-case hexadecimal. */
  readonly buildId: string;
  /** XXH64 as the program's own. Undefined: size and build id are all that is compared. */
  readonly xxh64: string | undefined;
}

/** A file that the native program needs: itself, its loader, the libraries. */
export interface RecipeNative {
  /** Absolute, below the mount. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** When content or attributes were changed last (st_ctime, which nobody can set): nanoseconds since 1970. */
  readonly changedAt: bigint;
}

export const recipeLimits = {
  /** Bytes of the whole text: the interposer's buffer. */
  size: 32_768,
  /** Hexadecimal digits of a build id: 64 bytes, as SHA-512 has. */
  buildIdDigits: 128,
  /** Bytes of a path: PATH_MAX with its zero byte. */
  path: 4095,
} as const;
