import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { digestOfHex, type Digest } from '../../core/oci/digest.ts';
import type { Compression } from '../../core/oci/media-types.ts';

/** What some bytes really are. */
export interface CheckedContent {
  readonly digest: Digest;
  readonly size: number;
  /** What they unpack to, or why they do not; undefined for what is no layer, or more than can be looked into. */
  readonly unpacked?: Unpacked | { readonly problem: string };
}

export interface Unpacked {
  readonly digest: Digest;
  readonly size: number;
}

/** An honest layer of ours unpacks to 18 MB, a distribution's to a few hundred. Bytes. */
const usualMaximum = 8 * 2 ** 30;

/**
 * Reads all of a blob.
 *
 * @param compression of a layer; `found`: what its first bytes say
 * @param maximumUnpacked bytes
 */
export async function checkContent(
  content: AsyncIterable<Uint8Array>,
  compression: Compression | 'found' | undefined,
  maximumUnpacked = usualMaximum,
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
  const unpacked = compression === undefined ? undefined : await unpack(source, compression, maximumUnpacked);
  // Whatever the decoder left.
  while ((await source.next()).done !== true);
  const digest = digestOfHex(hash.digest('hex'));
  return { digest, size, ...(unpacked === undefined ? {} : { unpacked }) };
}

async function unpack(
  source: AsyncGenerator<Uint8Array>,
  compression: Compression | 'found',
  maximumUnpacked: number,
): Promise<CheckedContent['unpacked']> {
  const first = await source.next();
  const head = first.done === true ? new Uint8Array() : first.value;
  const whole = async function* () {
    yield head;
    // Not `yield*`, which would end the source when a decoder stops early.
    for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
  };
  const hash = createHash('sha256');
  let size = 0;
  const take = (chunk: Uint8Array) => {
    hash.update(chunk);
    size += chunk.length;
    if (size > maximumUnpacked) throw new Error(`it unpacks to more than ${maximumUnpacked} bytes`);
  };
  try {
    await decode(whole(), compression === 'found' ? compressionIn(head) : compression, take);
    return { digest: digestOfHex(hash.digest('hex')), size };
  } catch (error) {
    if (isTooMuch(error)) return undefined;
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}

function compressionIn(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  return head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd ? 'zstd' : 'none';
}

async function decode(
  content: AsyncGenerator<Uint8Array>,
  compression: Compression,
  take: (chunk: Uint8Array) => void,
): Promise<void> {
  switch (compression) {
    case 'none':
      for await (const chunk of content) take(chunk);
      return;
    case 'gzip': {
      const decoder = createGunzip();
      const source = Readable.from(content);
      source.on('error', (error) => decoder.destroy(error));
      for await (const chunk of source.pipe(decoder) as AsyncIterable<Buffer>) take(chunk);
      return;
    }
    case 'zstd': {
      const { Decompress } = await import('fzstd');
      // What it has unpacked is taken at once: a few KB may hold gigabytes.
      const decoder = new Decompress(take);
      for await (const chunk of content) decoder.push(chunk);
      decoder.push(new Uint8Array(), true);
    }
  }
}

/** A zstd frame that looks back further than there is memory: valid, but only for who made it. */
function isTooMuch(error: unknown): boolean {
  return (
    error instanceof RangeError ||
    (error instanceof Error && 'code' in error && error.code === windowTooLarge)
  );
}

/** fzstd's ZstdErrorCode.WindowSizeTooLarge. */
const windowTooLarge = 1;
