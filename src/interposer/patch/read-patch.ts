import type { ByteSource } from '../../core/byte-source.ts';

export interface Patch {
  /** SHA-256 of the emulator before, in hexadecimal. */
  readonly originalSha256: string;
  readonly interposerSha256: string;
  readonly arguments: readonly string[];
  readonly bigEndian: boolean;
}

/** What was put into an emulator; undefined for one without an interposer. */
export function readPatch(_emulator: Uint8Array | ByteSource): Patch | undefined {
  return undefined;
}
