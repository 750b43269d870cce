/** Debian's static busybox of an architecture: all that a small guest needs. */
export interface Guest {
  /** QEMU's name. */
  readonly architecture: string;
  /** Debian's name, which tells armel from armhf. */
  readonly debian: string;
  /** The busybox, absolute, links resolved. */
  readonly path: string;
  /** Debian's: `1:1.37.0-6+b9`. */
  readonly packageVersion: string;
  readonly sha256: string;
}
