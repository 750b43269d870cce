/** A QEMU user-mode binary that runs on this host. */
export interface Emulator {
  /** QEMU's name of the architecture that it emulates: `aarch64`. */
  readonly target: string;
  /** Absolute, links resolved. */
  readonly path: string;
  /** QEMU's: `11.1.3`. */
  readonly version: string;
  /** Debian's: `1:11.1.3+ds-1~bpo13+1`. */
  readonly packageVersion?: string | undefined;
  readonly linkage: 'static' | 'static-pie' | 'dynamic';
  /**
   * `store`: fetched by anyarch; `image`: in a container image of anyarch's; `system`: found in the usual directories;
   * `given`: named by the user; `persisted`: the copy that is registered at each boot; `unseen`: not in this file system.
   */
  readonly origin: 'store' | 'image' | 'system' | 'given' | 'persisted' | 'unseen';
  /** Flag P works: it finds out by itself that the kernel passed the original argv[0]. */
  readonly preservesArgv0: boolean;
  /** Of the file's content, lower-case hexadecimal; known for what anyarch fetched. */
  readonly sha256?: string | undefined;
  /** Set when the file is an interposed one: what it was made from. */
  readonly interposed?: Interposition | undefined;
}

/** What an interposed emulator was made from. */
export interface Interposition {
  /** Of QEMU's own file, lower-case hexadecimal, as all digests here. */
  readonly originalSha256: string;
  readonly interposerSha256: string;
  /** Options that the emulator gives itself. */
  readonly arguments: readonly string[];
}

/** Gives what is to be registered in the place of a chosen emulator: its interposed twin, or itself. */
export type InterposedOf = (emulator: Emulator) => Emulator;

/** Something that could be an emulator for a target. */
export interface Candidate {
  readonly path: string;
  /** Set when it can be used. */
  readonly emulator?: Emulator;
  /** Why it cannot. One clause. */
  readonly rejected?: string;
}

/** Since QEMU 6.0 the kernel's AT_FLAGS_PRESERVE_ARGV0 is looked at (linux-user/main.c). */
export function preservesArgv0(version: string): boolean {
  return Number(version.split('.')[0]) >= 6;
}

/** `10.0.13` is a `10.0` and a `10`, but no `10.0.1`. */
export function isVersion(version: string, wanted: string): boolean {
  return version === wanted || version.startsWith(`${wanted}.`);
}
