import { digestOfHex } from '../core/oci/digest.ts';
import type { Digest } from '../core/oci/digest.ts';
import type { TreeIds } from './stored-image.ts';

/** Raised when the same layers would make another tree. */
const version = 1;

/** What a tree is called by. */
export function treeDigest(diffIds: readonly Digest[], ids: TreeIds): Digest {
  const text = [`anyarch tree ${version}`, ids, ...diffIds].join('\n');
  // Loaded with the module, it would cost runs 3 ms that find their image by its name.
  const { createHash } = process.getBuiltinModule('node:crypto');
  return digestOfHex(createHash('sha256').update(text).digest('hex'));
}
