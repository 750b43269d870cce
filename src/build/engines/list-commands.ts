import { formatPlatform, type Platform } from '../../core/platform.ts';

/** Podman and buildah, which share their words for manifest lists. */
export type ListEngine = 'podman' | 'buildah';

/** An image in containers/storage, by its identifier: `sha256:…` or the digits alone. */
function storedImage(id: string): string {
  return `containers-storage:${id.replace(/^sha256:/, '')}`;
}

export function createList(engine: ListEngine, list: string): string[] {
  return [engine, 'manifest', 'create', list];
}

/** The platform is said because a list of podman 4's takes no variant from the image's configuration. */
export function addToList(engine: ListEngine, list: string, id: string, platform: Platform): string[] {
  const { os, architecture, variant } = platform;
  const words = [
    '--os',
    os,
    '--arch',
    architecture,
    ...(variant === undefined ? [] : ['--variant', variant]),
  ];
  return [engine, 'manifest', 'add', ...words, list, storedImage(id)];
}

/** Gives a list or an image a name in one step; what had it before keeps its identifier. */
export function giveName(engine: ListEngine, what: string, name: string): string[] {
  return [engine, 'tag', what, name];
}

/** Takes one of a list's names away. Podman 4 looks for an image of its own platform under `rmi` and `untag`. */
export function takeName(engine: ListEngine, name: string): string[] {
  return engine === 'podman' ? [engine, 'manifest', 'rm', name] : [engine, 'rmi', name];
}

export function inspectList(engine: ListEngine, list: string): string[] {
  return [engine, 'manifest', 'inspect', list];
}

export interface PushWords {
  readonly authfile: string | undefined;
  readonly insecure: boolean;
  /** Where the engine writes the digest of what it has pushed under the name: of a list, the list's. */
  readonly digestFile?: string | undefined;
}

/** Instances go first and the list last (containers/image, copy/multiple.go). @param to `docker://REF`, `oci:DIR:TAG` … */
export function pushList(engine: ListEngine, list: string, to: string, words: PushWords): string[] {
  return [engine, 'manifest', 'push', '--all', '--format', 'oci', ...connectionWords(words), list, to];
}

/** Of one image. */
export function pushImage(engine: ListEngine, id: string, to: string, words: PushWords): string[] {
  return [engine, 'push', ...connectionWords(words), id.replace(/^sha256:/, ''), to];
}

/** For messages: `linux/arm64, linux/s390x`. */
export function formatPlatforms(platforms: readonly Platform[]): string {
  return platforms.map(formatPlatform).join(', ');
}

function connectionWords({ authfile, insecure, digestFile }: PushWords): string[] {
  return [
    ...(authfile === undefined ? [] : ['--authfile', authfile]),
    ...(insecure ? ['--tls-verify=false'] : []),
    ...(digestFile === undefined ? [] : ['--digestfile', digestFile]),
  ];
}
