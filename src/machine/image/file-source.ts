import type { ByteSource } from '../../core/byte-source.ts';
import type { Files } from '../../host/files.ts';

/**
 * A file that nobody writes to. What broken tables point to may be behind its end, where no system call is asked.
 *
 * @throws SystemError as the reads do
 */
export function fileSource(files: Files, path: string): ByteSource {
  const size = files.status(path)?.size ?? 0;
  return {
    size,
    read: (offset, length) =>
      offset < size ? files.readAt(path, offset, Math.min(length, size - offset)) : new Uint8Array(),
  };
}
