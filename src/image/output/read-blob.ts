import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import { hexOfDigest } from '../../core/oci/digest.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { Blob } from '../blob.ts';

/**
 * A blob's bytes, verified while they pass.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_CANCELLED
 */
export async function* readBlob(
  { digest, size, content }: Blob,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if ('bytes' in content) {
    yield content.bytes;
    return;
  }
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of createReadStream(content.file, {
    highWaterMark: 1 << 18,
  }) as AsyncIterable<Buffer>) {
    throwIfCancelled(signal);
    read += chunk.length;
    hash.update(chunk);
    yield chunk;
  }
  if (read === size && hash.digest('hex') === hexOfDigest(digest)) return;
  throw new AnyarchError(
    'ANYARCH_DIGEST_MISMATCH',
    `${content.file} is not what it was: it should be ${digest}`,
    {
      hint: 'run the same command again: damaged layers of the cache are made anew',
      details: { path: content.file, digest },
    },
  );
}
