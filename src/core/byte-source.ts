import { concatBytes } from './bytes.ts';

/** A file's bytes, wherever they are. */
export interface ByteSource {
  /** In bytes. */
  readonly size: number;
  /** May return fewer bytes than asked for, none at the end. */
  read(offset: number, length: number): Uint8Array;
}

export function bytesSource(bytes: Uint8Array): ByteSource {
  return { size: bytes.length, read: (offset, length) => bytes.subarray(offset, offset + length) };
}

/** Up to `length` bytes; fewer only when the file ends before, and nothing is asked for behind its end. The caller bounds `length`. */
export function readUpTo(source: ByteSource, offset: number, length: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const end = Math.min(offset + length, source.size);
  let position = offset;
  while (position < end) {
    const part = source.read(position, end - position).subarray(0, end - position);
    if (part.length === 0) break;
    parts.push(part);
    position += part.length;
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : concatBytes(parts);
}
