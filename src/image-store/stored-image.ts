import type { Digest } from '../core/oci/digest.ts';
import type { ImageConfig } from '../core/oci/image-config.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';

/**
 * Whose the files of an unpacked tree are:
 * - `identity`: root unpacked it; the ids of the image are those of the host
 * - `subordinate`: the user is 0, the user's subordinate ids are 1 and above (as `ids: 'root'` of a run maps them)
 * - `single`: there are no subordinate ids, all files belong to the user
 */
export type TreeIds = 'identity' | 'subordinate' | 'single';

/** An image in the store. */
export interface StoredImage {
  /** What the tree is called by: SHA-256 over its diff_ids and `ids`. */
  readonly digest: Digest;
  /** Digest of the manifest (or configuration) that it was asked for by, the newest. */
  readonly image: Digest;
  /** What it was called by, the newest last. */
  readonly references: readonly string[];
  /** Absolute path of the flattened root file system. */
  readonly root: string;
  readonly ids: TreeIds;
  readonly platform: ImagePlatform;
  readonly config: ImageConfig;
  /** Bytes of all regular files. */
  readonly size: number;
  readonly entries: number;
  /** What an ordinary user cannot make and was left out. */
  readonly deviceNodes: number;
  /** RFC 3339. */
  readonly at: string;
}
