import { createHash } from 'node:crypto';
import { digestOfHex } from '../core/oci/digest.ts';
import type { Digest } from '../core/oci/digest.ts';
import type { TreeIds } from './stored-image.ts';

/** Raised when the same layers would make another tree. */
const version = 1;

/** What a tree is called by. */
export function treeDigest(diffIds: readonly Digest[], ids: TreeIds): Digest {
  const text = [`anyarch tree ${version}`, ids, ...diffIds].join('\n');
  return digestOfHex(createHash('sha256').update(text).digest('hex'));
}
