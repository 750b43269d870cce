import type { Compression } from '../../core/oci/media-types.ts';

/** How layers are packed; it fixes their bytes, so a change is a new image for everybody. */
export interface Packing {
  readonly compression: Compression;
  /** Everything that the bytes depend on. A part of file names. */
  readonly id: string;
  readonly level: number;
  /** How many layers may be packed at a time: with zstd each is in memory, packed and unpacked, which takes 100 MB. */
  readonly width: number;
}

/**
 * Not Node's zlib: its bytes differ between processors, because Chromium's copy uses what instructions there are. These
 * are JavaScript and WebAssembly; docs/image.md has the sizes and times that the levels were chosen by.
 */
export const packings: Readonly<Record<Compression, Packing>> = {
  none: { compression: 'none', id: 'tar', level: 0, width: 2 },
  gzip: { compression: 'gzip', id: 'gzip-fflate-0.8.3-6-64k', level: 6, width: 2 },
  zstd: { compression: 'zstd', id: 'zstd-wasm-0.0.27-9', level: 9, width: 1 },
};
