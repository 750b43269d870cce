import { createWriteStream } from 'node:fs';
import { rm, statfs, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { AnyarchError } from '../core/error.ts';
import { invalid } from '../core/oci/fields.ts';
import { fileFailure } from '../host/file-failure.ts';
import { openArchiveFile, packerOf } from '../image-files/index.ts';
import { createMeter } from '../image-store/index.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import type { SourceOptions } from './found-image.ts';
import { elsewhere, makeWorkDirectory } from './work-directory.ts';

/** An archive that was packed with gzip as a whole. */
export interface UnpackedArchive {
  readonly path: string;
  /** Bytes of the packed file for each of its bytes. */
  readonly share: number;
  remove(): Promise<void>;
}

/**
 * Undefined for what is not packed, or is no file: what is wrong with it is said when it is opened.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID, ANYARCH_IMAGE_LIMIT, ANYARCH_DISK_FULL, ANYARCH_FILE, ANYARCH_CANCELLED
 */
export async function unpackedArchive(
  path: string,
  options: SourceOptions,
): Promise<UnpackedArchive | undefined> {
  const packer = await packerOf(path).catch(() => undefined);
  if (packer !== 'gzip') return undefined;
  const directory = await makeWorkDirectory(options.workDirectory);
  const target = join(directory, 'archive.tar');
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    const handle = await openArchiveFile(path);
    try {
      await requireSpace(handle, path, directory);
      return { path: target, share: await gunzip(handle, target, options), remove };
    } finally {
      await handle.close();
    }
  } catch (error) {
    await remove();
    throwIfCancelled(options.signal);
    throw error instanceof AnyarchError ? error : asFailure(error, path, target);
  }
}

/** What gzip (deflate) makes of a byte at most. */
const mostOfAByte = 1032;

/** Before anything is written. gzip ends with the bytes that it unpacks to, without all above 32 bits (RFC 1952). */
async function requireSpace(handle: FileHandle, path: string, directory: string): Promise<void> {
  const { size } = await handle.stat();
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, Math.max(size - 4, 0));
  const least = bytesRead < 4 ? 0 : Math.min(buffer.readUInt32LE(), size * mostOfAByte);
  const { bavail, bsize } = await statfs(directory);
  if (least <= bavail * bsize) return;
  throw new AnyarchError(
    'ANYARCH_DISK_FULL',
    `no space left to unpack ${path}: it has ${least} bytes, and ${bavail * bsize} are free in ${directory}`,
    { hint: `free some space, or ${elsewhere} to a directory on a larger file system` },
  );
}

/** @returns bytes read for each byte written */
async function gunzip(
  handle: FileHandle,
  target: string,
  { limits, signal }: Pick<SourceOptions, 'limits' | 'signal'>,
): Promise<number> {
  const meter = createMeter(limits);
  const decoder = createGunzip({ chunkSize: 1 << 18 });
  let size = 0;
  const bounded = new Transform({
    transform: (chunk: Uint8Array, _, done) => {
      size += chunk.length;
      try {
        meter.bytes(decoder.bytesWritten, size);
        done(null, chunk);
      } catch (error) {
        done(error as Error);
      }
    },
  });
  await pipeline(
    handle.createReadStream({ start: 0, highWaterMark: 1 << 18, autoClose: false }),
    decoder,
    bounded,
    createWriteStream(target, { flags: 'wx', mode: 0o600 }),
    signal === undefined ? {} : { signal },
  );
  return decoder.bytesWritten / Math.max(size, 1);
}

function asFailure(error: unknown, path: string, target: string): unknown {
  const isGzip = error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
  if (isGzip) return invalid(path, 'it is packed with gzip and damaged', error);
  return fileFailure(error, target, elsewhere);
}
