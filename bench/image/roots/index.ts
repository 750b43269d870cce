import type { Library } from '../../library.ts';
import type { ImageOptions } from '../options.ts';
import { ownImages, type OwnImages } from '../own-images.ts';
import { binfmtRoot } from './binfmt-root.ts';
import { busyboxScriptRoot } from './busybox-root.ts';
import { debianScriptRoot } from './debian-root.ts';
import type { PeerRoot } from './image-root.ts';

export { rootOf, type ImageRoot, type PeerRoot } from './image-root.ts';

export interface Roots {
  readonly own: OwnImages;
  readonly binfmt: PeerRoot;
  readonly busybox: PeerRoot;
  readonly debian: PeerRoot;
}

/** Makes what is compared; what the peers are made of and is not there is named. */
export async function prepareRoots(library: Library, options: ImageOptions): Promise<Roots> {
  return {
    own: await ownImages(library),
    binfmt: binfmtRoot(options),
    busybox: await busyboxScriptRoot(options),
    debian: await debianScriptRoot(options),
  };
}
