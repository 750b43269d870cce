import type { TarHeader } from './header.ts';

export type TarKind = 'file' | 'directory' | 'symlink' | 'hardlink' | 'character' | 'block' | 'fifo';

/**
 * One member of a layer. Names are bytes: each character of `path` and `link` stands for one (Latin-1), because layers
 * hold names that are no UTF-8. `link` is the content of a `symlink` and the other name of a `hardlink`; only files have a
 * `size`.
 */
export interface TarEntry extends Omit<TarHeader, 'type'> {
  readonly kind: TarKind;
  /** By name. */
  readonly xattrs: ReadonlyMap<string, Uint8Array>;
  /** PAX records that nothing is unpacked from, by key; only where there are some. */
  readonly records?: ReadonlyMap<string, Uint8Array>;
}
