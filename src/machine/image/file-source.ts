import type { ByteSource } from '../../core/byte-source.ts';
import type { Files } from '../../host/files.ts';

/** @throws SystemError as the reads do */
export function fileSource(files: Files, path: string): ByteSource {
  return {
    size: files.status(path)?.size ?? 0,
    read: (offset, length) => files.readAt(path, offset, length),
  };
}
