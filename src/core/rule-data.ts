import type { Flags } from './flags.ts';

/** What is written to binfmt_misc's `register`. */
export interface Rule {
  readonly name: string;
  readonly kind: 'magic' | 'extension';
  /** Where the magic stands in the file, in bytes. 0 in extension rules. */
  readonly offset: number;
  /** The magic bytes, or the extension's bytes without the dot. */
  readonly magic: Uint8Array;
  /** As long as `magic`; `undefined` compares every bit. Always `undefined` in extension rules. */
  readonly mask: Uint8Array | undefined;
  readonly interpreter: string;
  readonly flags: Flags;
}

/** The kernel's limits (fs/binfmt_misc.c; the name's is NAME_MAX), in bytes. */
export const ruleLimits = { shortest: 11, longest: 1920, name: 255, header: 256 } as const;
