/** An emulator that goes into an image. It need not run on this machine. */
export interface ImageEmulator {
  /** QEMU's target name. */
  readonly target: string;
  /** Where it is on this machine. */
  readonly file: string;
  /** QEMU's: `11.1.3`. */
  readonly version: string;
  /** Debian's; QEMU's where it comes from somewhere else. */
  readonly packageVersion: string;
  readonly linkage: 'static' | 'static-pie';
  readonly preservesArgv0: boolean;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** The .deb that it comes from; undefined for a directory of the user's. */
  readonly source: EmulatorSource | undefined;
}

/**
 * Not the suite: several may have the same package, and which one it was fetched from first must not be seen in an image.
 */
export interface EmulatorSource {
  readonly name: string;
  /** Debian's name of the host's architecture. */
  readonly architecture: string;
  /** Of the .deb. */
  readonly sha256: string;
}
