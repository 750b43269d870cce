/** `docker-buildx`: with the plugin; `docker`: `docker build`, the classic builder or BuildKit as the daemon has it. */
export type BuildEngineName = 'docker-buildx' | 'podman' | 'buildah' | 'docker';

/** In the order in which they are tried. */
export const buildEngineNames: readonly BuildEngineName[] = ['docker-buildx', 'podman', 'buildah', 'docker'];

/** An engine that answers. */
export interface BuildEngine {
  readonly name: BuildEngineName;
  readonly version: string;
  /** Its containers belong to a user namespace of this user. */
  readonly rootless: boolean;
  /** It runs elsewhere: what this machine's kernel can do says nothing about it. */
  readonly remote: boolean;
  /** buildx's: `docker`, `docker-container`, `remote`, `kubernetes`. */
  readonly driver?: string;
  /** Platforms that a builder elsewhere says it can run. */
  readonly platforms?: readonly string[];
}

/** Keeps images in containers/storage, where a manifest list holds several platforms under one name. */
export function storesLists({ name }: Pick<BuildEngine, 'name'>): boolean {
  return name === 'podman' || name === 'buildah';
}

/** An engine that was looked at. */
export interface Candidate {
  readonly engine: BuildEngineName;
  readonly verdict: 'chosen' | 'rejected' | 'not tried';
  readonly reason: string;
}

/** What a look at one engine gives: the engine, or why it cannot be used. */
export type Found = BuildEngine | { readonly reason: string };
