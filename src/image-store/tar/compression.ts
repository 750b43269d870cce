import type { Compression } from '../../core/oci/media-types.ts';

/** By the first bytes (RFC 1952, RFC 8878 with its skippable frames): media types are often wrong, and archives have none. */
export function compressionOfBytes(bytes: Uint8Array): Compression {
  const [first = 0, second, third, fourth] = bytes;
  if (first === 0x1f && second === 0x8b) return 'gzip';
  if (first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd) return 'zstd';
  if ((first & 0xf0) === 0x50 && second === 0x2a && third === 0x4d && fourth === 0x18) return 'zstd';
  return 'none';
}
