import { storesLists, type BuildEngine } from './engine.ts';

type Named = Pick<BuildEngine, 'name'>;

/** Writes an image as an archive of docker's kind, whose layers are not packed. @param path not there yet */
export function saveImage({ name }: Named, id: string, path: string): string[] {
  return storesLists({ name })
    ? [name, 'push', '--quiet', digits(id), `docker-archive:${path}`]
    : ['docker', 'image', 'save', '--output', path, id];
}

/** Of no name. */
export function removeImage({ name }: Named, id: string): string[] {
  return storesLists({ name }) ? [name, 'rmi', digits(id)] : ['docker', 'image', 'rm', id];
}

/** Gives an image a name in one step; what had it before keeps its identifier. */
export function tagImage({ name }: Named, id: string, tag: string): string[] {
  return storesLists({ name }) ? [name, 'tag', digits(id), tag] : ['docker', 'image', 'tag', id, tag];
}

function digits(id: string): string {
  return id.replace(/^sha256:/, '');
}
