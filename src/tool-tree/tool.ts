import type { RecipeConditions } from '../core/recipe/recipe.ts';
import type { AdaptName } from './adapt-name.ts';

/** What people choose by, and what one set holds. */
export const toolGroups = ['c', 'base', 'archive', 'go', 'clang', 'git', 'debian'] as const;
export type ToolGroup = (typeof toolGroups)[number];

/** A file of a Debian package. The path has no leading slash: `usr/bin/make`; before /usr was merged `bin/bash`. */
export interface PackageFile {
  readonly package: string;
  readonly path: string;
}

/**
 * One program that may be replaced by its native build. Packages, paths, rules and `dlopens` are patterns:
 * `{triplet}` the guest's GNU triplet (in the names of packages with dashes only), `{arch}` Debian's name of the guest's architecture,
 * `{goarch}` Go's name of it; `{clangtarget}` Clang's name of the guest's target; `{hosttriplet}`, `{hostarch}`, `{hostgoarch}` the same of the host; `{gcc}` `{go}` `{llvm}` versions as in the names of packages: 14, 1.24, 19.
 */
export interface Tool {
  readonly group: ToolGroup;
  /** Unique among all tools for a guest, and the program's name in the set, below `bin/`. Where several versions are there, the version is put behind it. */
  readonly name: string;
  readonly guest: PackageFile;
  /** Of the host's architecture. Default: the same package and path. */
  readonly host?: PackageFile;
  /** Whether the native program, or the set that it is in, serves one architecture of guests only. Default: false. */
  readonly perArchitecture?: boolean;
  /**
   * For guests whose package `gcc` stands for this version only: `14`. Tools of one name are for different versions. `{gcc}` is this one then.
   */
  readonly besideGcc?: string;
  /** Debian's names of guests' architectures where the native program does something else, and why. */
  readonly notOn?: Readonly<Record<string, string>>;
  /** By Debian's name of the guest's architecture: beginnings of arguments with which it is emulated there besides. */
  readonly bailOn?: Readonly<Record<string, readonly string[]>>;
  /**
   * How the packages' versions must agree: letter by letter; by the source's version, so without binNMUs (`+b3`), the default; or a
   * cross compiler's, `14.2.0-19cross1` with `14.2.0-19`.
   */
  readonly sameVersion?: 'exact' | 'source' | 'cross';
  /** Patterns, too; `{set}` is the set's path in containers: `/dev/.anyarch/abc234`. */
  readonly rules?: RecipeConditions;
  /** What is rewritten in the native program so that it does what the guest's does. */
  readonly adapt?: AdaptName;
  readonly listed: 'allow' | 'care';
  /** Why it may be replaced: what its output depends on. */
  readonly reason: string;
  /** Files of the host's packages that the native program loads at run time: put flat beside the libraries. Their closure is taken, too. */
  readonly dlopens?: readonly PackageFile[];
  /** Libraries that the guest's program loads at run time, and that count as its others do: by soname, or by absolute path (patterns). */
  readonly guestDlopens?: readonly string[];
  /** Lines of sh: see self-test/. */
  readonly selfTest?: readonly string[];
}

/** A program that is never replaced. */
export interface Denied {
  readonly name: string;
  readonly reason: string;
}
