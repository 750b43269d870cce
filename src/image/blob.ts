import { createHash } from 'node:crypto';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { formatCanonicalJson, type Json } from '../core/oci/canonical-json.ts';
import { digestOfHex, type Digest } from '../core/oci/digest.ts';

/** Content of an image that is to be written. */
export interface Blob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly content: { readonly bytes: Uint8Array } | { readonly file: string };
}

/** A document in its one form, with what refers to it. */
export function documentBlob(
  mediaType: string,
  document: object,
): { readonly blob: Blob; readonly descriptor: Descriptor } {
  const bytes = Buffer.from(formatCanonicalJson(document as Json));
  const digest = digestOfHex(createHash('sha256').update(bytes).digest('hex'));
  const size = bytes.length;
  return { blob: { digest, size, content: { bytes } }, descriptor: { mediaType, digest, size } };
}
