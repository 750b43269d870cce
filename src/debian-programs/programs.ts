/** Native programs that can be started, wherever they are. */
export interface Programs {
  /** Where their files are: absolute, `/` for the system's own. */
  readonly root: string;
  /** Apart from the system's own: the packages that they are from. */
  readonly origin: 'installed' | 'unpacked';
  /**
   * The words that start a program, behind which its arguments go.
   *
   * @param name without a directory: `qemu-img`
   * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND
   */
  command(name: string): readonly string[];
  /** The program's own file, absolute; undefined where there is none. */
  programFile(name: string): string | undefined;
  /** The absolute path of a file, undefined where it is not: `usr/share/AAVMF/AAVMF_CODE.fd` */
  dataFile(path: string): string | undefined;
  /** What the programs need on top of this process's environment; undefined removes. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Changes with any file of theirs; of the system's own it is not known. */
  readonly digest: string | undefined;
  /** Debian's versions by package; empty for the system's own. */
  readonly versions: ReadonlyMap<string, string>;
}

/** Where Debian's packages have programs that people or other programs start, below a root; the first one counts. */
export const programDirectories = [
  'usr/bin',
  'usr/sbin',
  'usr/local/bin',
  'usr/libexec',
  'usr/lib/qemu',
] as const;
