import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import * as zlib from 'node:zlib';
import { AnyarchError } from '../core/error.ts';

/** A part of a file. */
export interface Slice {
  readonly path: string;
  /** First byte. */
  readonly start: number;
  /** Bytes; undefined: up to the end. */
  readonly length?: number | undefined;
}

export interface DecompressOptions {
  /** Decompressed bytes at which it gives up. Default 4 GiB. */
  readonly maximumBytes?: number;
  /** Called with the compressed bytes that were read. */
  readonly onRead?: (bytes: number) => void;
}

/**
 * The decompressed content, piece by piece. Stop reading at any time; the file is closed then.
 *
 * @param name the compressed file's name, whose ending tells the format
 * @throws AnyarchError ANYARCH_ARCHIVE_INVALID
 */
export async function* decompress(
  slice: Slice,
  name: string,
  options: DecompressOptions = {},
): AsyncGenerator<Uint8Array> {
  const { maximumBytes = 2 ** 32, onRead } = options;
  const content = await decoded(compressed(slice, onRead), name);
  let total = 0;
  try {
    for await (const chunk of content) {
      total += chunk.length;
      if (total > maximumBytes) throw invalid(slice, `it decompresses to more than ${maximumBytes} bytes`);
      yield chunk;
    }
  } catch (error) {
    // The decoders know no errors but those of their input.
    throw error instanceof AnyarchError
      ? error
      : invalid(slice, error instanceof Error ? error.message : String(error), error);
  }
}

async function* compressed(
  { path, start, length }: Slice,
  onRead?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  if (length === 0) return;
  const range = length === undefined ? { start } : { start, end: start + length - 1 };
  for await (const chunk of createReadStream(path, {
    ...range,
    highWaterMark: 1 << 18,
  }) as AsyncIterable<Buffer>) {
    onRead?.(chunk.length);
    yield chunk;
  }
}

async function decoded(
  content: AsyncGenerator<Uint8Array>,
  name: string,
): Promise<AsyncIterable<Uint8Array>> {
  const ending = /\.(xz|gz|zst|bz2|lzma)$/.exec(name)?.[1];
  switch (ending) {
    case undefined:
      return content;
    case 'xz':
      return await xz(content);
    case 'gz':
      return through(content, zlib.createGunzip());
    case 'zst':
      // Node has it since 22.15 and 23.8.
      if ('createZstdDecompress' in zlib && typeof zlib.createZstdDecompress === 'function') {
        return through(content, (zlib.createZstdDecompress as () => zlib.Gunzip)());
      }
      throw new AnyarchError(
        'ANYARCH_ARCHIVE_INVALID',
        `${name} is compressed with zstd, which this Node.js (${process.version}) cannot read`,
        {
          hint: 'use Node.js 22.15 or newer',
        },
      );
    default:
      throw new AnyarchError(
        'ANYARCH_ARCHIVE_INVALID',
        `${name} is compressed in a way that anyarch does not read: ${ending}`,
      );
  }
}

/** WebAssembly, about as fast as xz itself. */
async function xz(content: AsyncGenerator<Uint8Array>): Promise<AsyncIterable<Uint8Array>> {
  // CommonJS whose named exports Node cannot see.
  const { XzReadableStream } = (await import('xz-decompress')).default;
  // Its iterator cancels the stream when it is left early; without that the decoder's global lock would stay taken.
  return new XzReadableStream(Readable.toWeb(Readable.from(content)) as ReadableStream<Uint8Array>);
}

/** Forwards errors both ways, which pipe() does not. */
function through(content: AsyncGenerator<Uint8Array>, decoder: zlib.Gunzip): AsyncIterable<Uint8Array> {
  const source = Readable.from(content);
  source.on('error', (error) => decoder.destroy(error));
  decoder.on('close', () => source.destroy());
  return source.pipe(decoder) as AsyncIterable<Buffer>;
}

function invalid({ path }: Slice, what: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_ARCHIVE_INVALID', `${path} cannot be unpacked: ${what}`, { cause });
}
