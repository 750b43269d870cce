import { AnyarchError } from '../error.ts';
import { quote } from '../text.ts';

/** `sha256:` and 64 lower-case hexadecimal digits: the only algorithm that registries must support. */
export type Digest = `sha256:${string}`;

const digestShape = /^sha256:[0-9a-f]{64}$/;

export function isDigest(value: unknown): value is Digest {
  return typeof value === 'string' && digestShape.test(value);
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID */
export function parseDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw new AnyarchError('ANYARCH_IMAGE_INVALID', `${quote(text, 80)} is no digest`, {
    hint: 'a digest is "sha256:" and 64 hexadecimal digits, in lower case',
  });
}

/** @param hex of the content's SHA-256, lower case */
export function digestOfHex(hex: string): Digest {
  return parseDigest(`sha256:${hex}`);
}

export function hexOfDigest(digest: Digest): string {
  return digest.slice('sha256:'.length);
}

/** Where a layout keeps the content, below its directory: `blobs/sha256/…`. */
export function blobPath(digest: Digest): string {
  return `blobs/sha256/${hexOfDigest(digest)}`;
}
