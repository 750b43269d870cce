export type TarKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

/**
 * One member of a layer. Names are bytes: each character of `path` and `link` stands for one (Latin-1), because layers
 * hold names that are no UTF-8.
 */
export interface TarEntry {
  readonly kind: TarKind;
  readonly path: string;
  /** Of `symlink` its content, of `hardlink` the other name. */
  readonly link: string;
  /** Permission bits, `0o7777` masked. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that follow; 0 for everything but files. */
  readonly size: number;
  /** Seconds since the epoch, with a fraction, negative before it. */
  readonly mtime: number;
  readonly major: number;
  readonly minor: number;
  /** By name. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
}
