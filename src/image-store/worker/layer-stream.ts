import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as zlib from 'node:zlib';
import type { Transform } from 'node:stream';
import { AnyarchError } from '../../core/error.ts';
import { compressionOfBytes } from '../tar/compression.ts';
import { damaged } from '../tar/damaged.ts';
import type { OpenedLayer } from '../opened-image.ts';

export interface LayerFlow {
  /** Gets the tar, piece by piece; the pieces are only lent. */
  readonly take: (piece: Buffer) => void;
  /** Called after each piece: bytes of the layer's file read so far, and of its tar. */
  readonly count: (packed: number, unpacked: number) => void;
}

/** Bytes read, and unpacked, at a time. */
const readSize = 1 << 20;
const unpackSize = 1 << 18;

/**
 * Reads a layer and hands its tar on, whose digest is compared while it passes.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID for a damaged or incomplete file, ANYARCH_FILE
 */
export async function flowLayer(layer: OpenedLayer, { take, count }: LayerFlow): Promise<void> {
  const digest = createHash('sha256');
  let packed = 0;
  let unpacked = 0;
  const pass = (piece: Buffer): void => {
    unpacked += piece.length;
    // Before anything of it is written.
    count(packed, unpacked);
    digest.update(piece);
    take(piece);
  };
  const source = readLayer(layer, (length) => {
    packed += length;
  });
  await unpackInto(source, layer, pass);
  if (packed !== layer.size) throw damaged(`is not complete: ${layer.path} ended early`);
  const found = `sha256:${digest.digest('hex')}`;
  if (found === layer.diffId) return;
  throw new AnyarchError(
    'ANYARCH_DIGEST_MISMATCH',
    `a layer is not what the image's configuration says: ${found} instead of ${layer.diffId}`,
    {
      hint: 'nothing of the image was kept; fetch it again, or from where it was made',
      details: { expected: layer.diffId, actual: found },
    },
  );
}

async function* readLayer(
  { path, offset, size }: OpenedLayer,
  onRead: (length: number) => void,
): AsyncGenerator<Buffer> {
  if (size === 0) return;
  const stream = fs.createReadStream(path, {
    start: offset,
    end: offset + size - 1,
    highWaterMark: readSize,
  }) as AsyncIterable<Buffer>;
  try {
    for await (const piece of stream) {
      onRead(piece.length);
      yield piece;
    }
  } catch (error) {
    throw new AnyarchError('ANYARCH_FILE', `${path} cannot be read: ${(error as Error).message}`, {
      hint: 'have the image fetched again',
      cause: error,
    });
  }
}

async function unpackInto(
  source: AsyncGenerator<Buffer>,
  layer: OpenedLayer,
  pass: (piece: Buffer) => void,
): Promise<void> {
  switch (compressionOfBytes(firstBytes(layer))) {
    case 'none':
      for await (const piece of source) pass(piece);
      return;
    case 'gzip':
      await through(zlib.createGunzip({ chunkSize: unpackSize }), source, pass);
      return;
    case 'zstd': {
      // Node has it from 22.15 on.
      const { createZstdDecompress } = zlib as { createZstdDecompress?: (options: object) => Transform };
      if (createZstdDecompress === undefined) await throughFzstd(source, pass);
      else await through(createZstdDecompress({ chunkSize: unpackSize }), source, pass);
    }
  }
}

function firstBytes({ path, offset }: OpenedLayer): Buffer {
  const descriptor = fs.openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(4);
    return bytes.subarray(0, fs.readSync(descriptor, bytes, 0, 4, offset));
  } finally {
    fs.closeSync(descriptor);
  }
}

async function through(
  decoder: Transform,
  source: AsyncGenerator<Buffer>,
  pass: (piece: Buffer) => void,
): Promise<void> {
  // Not pipeline: an error of `pass` must come out as it is.
  const feeding = (async () => {
    for await (const piece of source) {
      // Padding behind what is compressed belongs to the layer, but not to its tar.
      if (decoder.readableEnded) continue;
      if (decoder.destroyed) return;
      if (!decoder.write(piece)) await drained(decoder);
    }
    decoder.end();
  })().catch((error: unknown) => {
    decoder.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  let isOurs = false;
  try {
    for await (const piece of decoder as AsyncIterable<Buffer>) {
      isOurs = true;
      pass(piece);
      isOurs = false;
    }
    await feeding;
  } catch (error) {
    throw isOurs || error instanceof AnyarchError ? error : notUnpackable(error);
  } finally {
    decoder.destroy();
  }
}

function drained(decoder: Transform): Promise<void> {
  return new Promise((resolve) => {
    const go = (): void => {
      decoder.off('drain', go);
      decoder.off('close', go);
      resolve();
    };
    decoder.on('drain', go);
    decoder.on('close', go);
  });
}

async function throughFzstd(source: AsyncGenerator<Buffer>, pass: (piece: Buffer) => void): Promise<void> {
  const { Decompress } = await import('fzstd');
  let isOurs = false;
  const decoder = new Decompress((piece) => {
    isOurs = true;
    pass(Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength));
    isOurs = false;
  });
  for await (const piece of source) unpack(piece, false);
  unpack(new Uint8Array(), true);

  function unpack(piece: Uint8Array, isLast: boolean): void {
    try {
      decoder.push(piece, isLast);
    } catch (error) {
      throw isOurs ? error : notUnpackable(error);
    }
  }
}

function notUnpackable(error: unknown): AnyarchError {
  return new AnyarchError(
    'ANYARCH_IMAGE_INVALID',
    `a layer cannot be decompressed: ${error instanceof Error ? error.message : String(error)}`,
    { hint: 'nothing of the image was kept; have it fetched or built again', cause: error },
  );
}
