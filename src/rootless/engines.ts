import { buildah } from './buildah/buildah.ts';
import type { RootlessEngine } from './engine.ts';
import { podman } from './podman/podman.ts';

/** In the order of `engineNames`. */
export const engines: readonly RootlessEngine[] = [podman, buildah];
