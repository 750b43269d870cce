import type { Digest } from '../core/oci/digest.ts';
import { hexOfDigest } from '../core/oci/digest.ts';

/** Where images are kept, below the state directory. For the user only: the trees have setuid programs of others. */
export function imagesDirectory(state: string): string {
  return `${state}/images`;
}

export function imageDirectory(state: string, digest: Digest): string {
  return `${imagesDirectory(state)}/${hexOfDigest(digest)}`;
}

/** The name of an image's directory. */
export const imageName = /^[0-9a-f]{64}$/;

/** The name of a directory that a command works in; left over where that was killed. */
export const workName = /^\.(building|removing|verifying)-[0-9a-z-]+$/;

/** In an image's directory. */
export const imageFiles = {
  document: 'image.json',
  /** Locked by who uses it; its time is that of the last use. */
  use: 'in-use',
} as const;
