import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { hexOfDigest } from '../core/oci/digest.ts';
import { hashOf, openBlob, readPieces, UnfitFile } from '../image-files/index.ts';

/** A blob of a layout. */
export interface BlobFile {
  readonly descriptor: Descriptor;
  readonly path: string;
}

/** The same, opened: what is compared with the digest is what is sent. */
export interface LocalBlob extends BlobFile {
  /** @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_CANCELLED */
  verify(signal: AbortSignal | undefined): Promise<void>;
  /** The bytes from `start` up to `end` (exclusive). @throws AnyarchError ANYARCH_IMAGE_INVALID when they are gone */
  read(start: number, end: number): AsyncGenerator<Uint8Array>;
  close(): Promise<void>;
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID */
export async function openLocalBlob({ descriptor, path }: BlobFile): Promise<LocalBlob> {
  const unusable = (message: string) =>
    new AnyarchError('ANYARCH_IMAGE_INVALID', message, {
      hint: 'build or pull the layout again',
      details: { path, digest: descriptor.digest },
    });
  const handle = await openBlob(path).catch((error: unknown) => {
    if (!(error instanceof UnfitFile)) throw error;
    throw unusable(
      error.errno === 'ENOENT'
        ? `the layout has no ${descriptor.digest}: ${path}`
        : `${path} cannot be used: ${error.message}`,
    );
  });
  const { size } = await handle.stat();
  if (size !== descriptor.size) {
    await handle.close();
    throw unusable(`${path} has ${size} bytes instead of ${descriptor.size}`);
  }
  return {
    descriptor,
    path,
    verify: async (signal) => {
      const actual = await hashOf(handle, signal);
      if (actual === hexOfDigest(descriptor.digest)) return;
      throw new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${path} is not what its name says`, {
        hint: 'the layout is damaged: build or pull it again',
        details: { path, digest: descriptor.digest, actual: `sha256:${actual}` },
      });
    },
    read: async function* (start, end) {
      let position = start;
      for await (const piece of readPieces(handle, start, end)) {
        position += piece.length;
        yield piece;
      }
      if (position < end) throw unusable(`${path} has become shorter`);
    },
    close: () => handle.close(),
  };
}
