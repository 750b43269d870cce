import { apptainer } from './apptainer/apptainer.ts';
import { buildah } from './buildah/buildah.ts';
import { docker } from './docker/docker.ts';
import type { RootlessEngine } from './engine.ts';
import { podman } from './podman/podman.ts';

/** In the order of `engineNames`. */
export const engines: readonly RootlessEngine[] = [podman, docker, buildah, apptainer];
