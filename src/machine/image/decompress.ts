import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AnyarchError } from '../../core/error.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { OnProgress } from '../../transfer/index.ts';
import { invalidDisk, redownload } from './qcow2/header.ts';

/** No cloud image has as much; a bomb would have more. 1 TiB. */
const maximumBytes = 2 ** 40;
const blockBytes = 4096;

export interface DecompressOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * Unpacks a disk. What is zero becomes a hole: unpacked disks are mostly empty.
 *
 * @throws AnyarchError ANYARCH_DISK_INVALID, ANYARCH_CANCELLED; errors of the file system as they are
 */
export async function decompressDisk(
  from: string,
  to: string,
  ending: 'gz' | 'xz' | 'zst',
  { signal, onProgress }: DecompressOptions,
): Promise<void> {
  const subject = from.split('/').at(-1) ?? from;
  const handle = await open(to, 'wx', 0o600);
  try {
    let position = 0;
    for await (const chunk of decoded(createReadStream(from, { highWaterMark: 1 << 18 }), ending)) {
      throwIfCancelled(signal);
      if (position + chunk.length > maximumBytes)
        throw invalidDisk(from, 'it unpacks to more than 1 TiB', redownload);
      await writeSparsely(handle, chunk, position);
      position += chunk.length;
      onProgress?.({ phase: 'unpack', subject, received: position, total: undefined });
    }
    await handle.truncate(position);
    await handle.sync();
  } catch (error) {
    // The decoders know no errors but those of their input; those of the file system have a system call.
    if (error instanceof AnyarchError || (error instanceof Error && 'syscall' in error)) throw error;
    const what = error instanceof Error ? error.message : String(error);
    throw invalidDisk(from, `it cannot be unpacked (${what})`, redownload, error);
  } finally {
    await handle.close();
  }
}

async function* decoded(source: Readable, ending: 'gz' | 'xz' | 'zst'): AsyncGenerator<Uint8Array> {
  if (ending === 'gz') {
    const decoder = createGunzip();
    source.on('error', (error) => decoder.destroy(error));
    yield* source.pipe(decoder) as AsyncIterable<Uint8Array>;
  } else if (ending === 'xz') {
    // CommonJS whose named exports Node cannot see.
    const { XzReadableStream } = (await import('xz-decompress')).default;
    yield* new XzReadableStream(Readable.toWeb(source) as ReadableStream<Uint8Array>);
  } else {
    yield* decodedZstd(source as AsyncIterable<Uint8Array>);
  }
}

async function* decodedZstd(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((chunk) => ready.push(chunk));
  for await (const chunk of source) {
    decoder.push(chunk);
    yield* ready;
    ready = [];
  }
  decoder.push(new Uint8Array(), true);
  yield* ready;
}

const zeros = Buffer.alloc(1 << 16);

async function writeSparsely(handle: FileHandle, chunk: Uint8Array, position: number): Promise<void> {
  // Up to the next border first, so that holes begin where blocks do.
  for (let done = 0; done < chunk.length;) {
    const toBorder = blockBytes - ((position + done) % blockBytes);
    const isAtBorder = toBorder === blockBytes;
    const part = chunk.subarray(done, done + (isAtBorder ? zeros.length : toBorder));
    if (Buffer.compare(part, zeros.subarray(0, part.length)) !== 0)
      await writeAll(handle, part, position + done);
    done += part.length;
  }
}

async function writeAll(handle: FileHandle, part: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < part.length;) {
    const { bytesWritten } = await handle.write(part, done, part.length - done, position + done);
    done += bytesWritten;
  }
}
