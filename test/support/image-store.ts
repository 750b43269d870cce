import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach } from 'vitest';
import type { OpenedImage } from '../../src/image-store/index.ts';
import { layerFile, openedImage } from '../../src/image-store/testing/opened-images.ts';
import { makeTar } from '../../src/image-store/testing/tar-maker.ts';
import type { Member } from '../../src/image-store/testing/tar-maker.ts';
import { temporaryDirectory } from './temporary.ts';

/** A new store for each test. */
export interface TestStore {
  /** A directory for whatever the test needs besides. */
  readonly place: string;
  readonly state: string;
  readonly imageOf: (...layers: readonly (readonly Member[])[]) => OpenedImage;
  /** What is in the store's directory. */
  readonly left: () => string[];
}

export function useTestStore(): TestStore {
  let place: string;
  let state: string;
  beforeEach(() => {
    place = temporaryDirectory('store');
    state = join(place, 'state');
  });
  return {
    get place() {
      return place;
    },
    get state() {
      return state;
    },
    imageOf: (...layers) => openedImage(layers.map((members) => layerFile(place, makeTar(members)))),
    left: () => {
      const images = join(state, 'images');
      return existsSync(images) ? readdirSync(images).sort() : [];
    },
  };
}
