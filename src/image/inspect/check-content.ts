import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { digestOfHex, type Digest } from '../../core/oci/digest.ts';
import type { Compression } from '../../core/oci/media-types.ts';

/** What some bytes really are. */
export interface CheckedContent {
  readonly digest: Digest;
  readonly size: number;
  /** What they unpack to, or why they do not; undefined for what is no layer. */
  readonly unpacked?: Unpacked | { readonly problem: string };
}

export interface Unpacked {
  readonly digest: Digest;
  readonly size: number;
}

/** An honest layer of ours unpacks to 18 MB, a distribution's to a few hundred. Bytes. */
const maximumUnpacked = 8 * 2 ** 30;
/** The decoder has all of it in memory. */
const maximumZstd = 256 * 2 ** 20;

/**
 * Reads all of a blob.
 *
 * @param compression of a layer; `found`: what its first bytes say
 */
export async function checkContent(
  content: AsyncIterable<Uint8Array>,
  compression: Compression | 'found' | undefined,
): Promise<CheckedContent> {
  const hash = createHash('sha256');
  let size = 0;
  const counted = async function* () {
    for await (const chunk of content) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  const source = counted();
  const unpacked = compression === undefined ? undefined : await unpack(source, compression);
  // Whatever the decoder left.
  while ((await source.next()).done !== true);
  const digest = digestOfHex(hash.digest('hex'));
  return { digest, size, ...(unpacked === undefined ? {} : { unpacked }) };
}

async function unpack(
  source: AsyncGenerator<Uint8Array>,
  compression: Compression | 'found',
): Promise<Unpacked | { problem: string }> {
  const first = await source.next();
  const head = first.done === true ? new Uint8Array() : first.value;
  const whole = async function* () {
    yield head;
    // Not `yield*`, which would end the source when a decoder stops early.
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  };
  try {
    return await hashed(decoded(whole(), compression === 'found' ? compressionIn(head) : compression));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function compressionIn(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd ? 'zstd' : 'none';
}

async function* decoded(
  content: AsyncGenerator<Uint8Array>,
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  switch (compression) {
    case 'none':
      yield* content;
      return;
    case 'gzip': {
      const decoder = createGunzip();
      const source = Readable.from(content);
      source.on('error', (error) => decoder.destroy(error));
      for await (const chunk of source.pipe(decoder) as AsyncIterable<Buffer>) yield chunk;
      return;
    }
    case 'zstd':
      yield await unpackZstd(content);
  }
}

async function unpackZstd(content: AsyncGenerator<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > maximumZstd) throw new Error(`it has more than ${maximumZstd} bytes`);
    chunks.push(chunk);
  }
  decoder ??= loadDecoder();
  return (await decoder)(Buffer.concat(chunks));
}

/** Loaded once: a second start would take the memory away from under the first. */
let decoder: ReturnType<typeof loadDecoder> | undefined;

async function loadDecoder(): Promise<(content: Uint8Array) => Uint8Array> {
  // CommonJS whose named exports Node cannot see.
  const zstd = (await import('@bokuweb/zstd-wasm')).default;
  await zstd.init();
  return (content) => zstd.decompress(content);
}

async function hashed(content: AsyncIterable<Uint8Array>): Promise<Unpacked> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.length;
    if (size > maximumUnpacked) throw new Error(`it unpacks to more than ${maximumUnpacked} bytes`);
  }
  return { digest: digestOfHex(hash.digest('hex')), size };
}
