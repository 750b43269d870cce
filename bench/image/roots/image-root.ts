import { isMissing, type Missing } from '../../contender.ts';

/** An image that registers, as the root file system that it becomes. */
export interface ImageRoot {
  readonly name: string;
  readonly directory: string;
}

export type PeerRoot = ImageRoot | Missing;

export function rootOf(peer: PeerRoot): ImageRoot | undefined {
  return isMissing(peer) ? undefined : peer;
}
