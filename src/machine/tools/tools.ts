import type { Programs } from '../../debian-programs/index.ts';

/** What a machine is started with. */
export interface Tools {
  readonly qemu: Qemu;
  /** Absolute paths; undefined for machines that have none. `variables` is a template: each machine has a copy. */
  readonly firmware: { readonly code: string; readonly variables: string } | undefined;
  /** Where the programs are from, for people: `QEMU 10.0.13 of Debian trixie, unpacked`. */
  readonly origin: string;
  readonly programs: Programs;
  /**
   * Words that start another program: `qemu-img`, `virtiofsd`, `qemu-storage-daemon`. The system's own where the unpacked have not got it.
   *
   * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND
   */
  command(name: string): readonly string[];
  /** For every one of them, on top of this process's. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export interface Qemu {
  /** Words that start it, directories of its data among them. */
  readonly words: readonly string[];
  /** Absolute, the emulator itself. */
  readonly file: string;
  /** `10.0.13` */
  readonly version: string;
  /** Of `file`: a saved state needs the same. */
  readonly sha256: string;
  /** Whether it can filter its own system calls (`-sandbox`), on this kernel. */
  readonly hasSandbox: boolean;
}
