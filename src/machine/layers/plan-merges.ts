import { posix } from 'node:path';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { backingFile } from './backing-file.ts';
import { backingFormat } from './backing-format.ts';
import type { Backing } from './create-layer.ts';
import { namedLayers, neededLayers } from './needed-layers.ts';
import { layersDirectory } from './places.ts';

/** Layers that only one other is read through: it can have what is in them. */
export interface LayerMerge {
  /** The layer that stays, absolute. */
  readonly path: string;
  /** Those below it that nobody needs then, absolute, the top one first. */
  readonly layers: readonly string[];
  /** What it lies over then. */
  readonly backing: Backing;
}

export interface MergePlan {
  readonly possible: readonly LayerMerge[];
  /** What could be merged if somebody did not need the layer as it is. */
  readonly blocked: readonly (Pick<LayerMerge, 'path' | 'layers'> & { readonly reason: string })[];
}

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * What can be merged now. A layer is dropped only where no machine's link and no snapshot names it and exactly one other
 * lies over it, and only in favour of one that may be written to.
 *
 * @param unchangeable layers that must stay as they are, by name, and why, for people
 * @throws AnyarchError ANYARCH_STATE_INVALID when a snapshot does not tell what it needs
 */
export function planMerges(host: Parts, unchangeable: ReadonlyMap<string, string>): MergePlan {
  const runs = droppableRuns(host);
  const possible: LayerMerge[] = [];
  const blocked: MergePlan['blocked'][number][] = [];
  for (const run of runs) {
    const first = run.findIndex((path) => !unchangeable.has(posix.basename(path)));
    const [path, ...layers] = first === -1 ? [] : run.slice(first);
    if (path !== undefined && layers.length > 0) {
      const backing = backingBelow(host, layers);
      if (backing !== undefined) possible.push({ path, layers, backing });
      continue;
    }
    const [top = '', ...below] = run;
    blocked.push({ path: top, layers: below, reason: unchangeable.get(posix.basename(top)) ?? '' });
  }
  return { possible, blocked };
}

/** Each a layer that stays, and below it those that nothing else needs. */
function droppableRuns(host: Parts): string[][] {
  const { files, system } = host;
  const directory = layersDirectory(system);
  const needed = neededLayers(host);
  const named = new Set(namedLayers(host).map((path) => posix.basename(path)));
  const layers = (ignoring(['ENOENT', 'ENOTDIR'], () => files.list(directory)) ?? [])
    .filter((name) => name.endsWith('.qcow2') && needed.has(name))
    .filter((name) => files.linkStatus(`${directory}/${name}`)?.kind === 'file')
    .toSorted();
  const below = new Map(layers.map((name) => [name, backingFile(files, `${directory}/${name}`)]));
  const isDroppable = (name: string) =>
    below.has(name) &&
    !named.has(name) &&
    layers.filter((one) => posix.basename(below.get(one) ?? '') === name).length === 1;
  return layers
    .filter((name) => !isDroppable(name))
    .map((top) => {
      const run = [top];
      for (let name = top; ;) {
        const next = below.get(name);
        if (next === undefined || !isDroppable(posix.basename(next)) || !isIn(host, directory, next)) break;
        name = posix.basename(next);
        run.push(name);
      }
      return run.map((name) => `${directory}/${name}`);
    })
    .filter((run) => run.length > 1);
}

/** Another file of the same name is another matter. */
function isIn({ files }: Parts, directory: string, path: string): boolean {
  const real = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => files.resolve(path));
  return real !== undefined && real === files.resolve(`${directory}/${posix.basename(path)}`);
}

/** What the lowest of them lies over; undefined where that is not there, or not named as we name it. */
function backingBelow({ files }: Parts, layers: readonly string[]): Backing | undefined {
  const lowest = layers.at(-1) ?? '';
  const file = backingFile(files, lowest);
  const format = backingFormat(files, lowest);
  if (file?.startsWith('/') !== true || format === undefined) return undefined;
  return files.status(file)?.kind === 'file' ? { file, format } : undefined;
}
