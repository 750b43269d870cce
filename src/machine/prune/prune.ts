import { randomBytes } from 'node:crypto';
import { prunePrograms } from '../../debian-programs/index.ts';
import type { Host } from '../../host/host.ts';
import { tryLock } from '../../host/lock.ts';
import { ignoring } from '../../host/system-error.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { ownToken } from '../../store/index.ts';
import { removeTree } from '../disk/remove-tree.ts';
import { collectLayers, layersDirectory } from '../layers/index.ts';
import { imagesDirectory, machinesDirectory } from '../places.ts';
import { mergeAll, type MergedLayers } from './merge-all.ts';
import { neededByMachines } from './needed.ts';
import { withoutMachineWork } from './prune-lock.ts';
import { unfinishedImages } from './unfinished-images.ts';
import { treeBytes } from './tree-bytes.ts';

export interface PruneOptions {
  readonly dryRun?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface Pruned {
  /** `leftover`: of commands that were killed, and of interrupted downloads. */
  readonly kind: 'image' | 'layer' | 'programs' | 'leftover';
  readonly path: string;
  readonly bytes: number;
}

export interface PruneReport {
  /** What is gone; with `dryRun` would be. */
  readonly removed: readonly Pruned[];
  /** Images that stay, and who needs them. */
  readonly kept: readonly { readonly path: string; readonly usedBy: string }[];
  /** Layers that were read through one other only. */
  readonly merged: readonly MergedLayers[];
}

/**
 * Removes base images, layers and fetched programs that no machine, no snapshot and no process needs, and what killed commands left.
 * Then merges layers. No machine loses anything. Can be interrupted at any time.
 *
 * @throws AnyarchError ANYARCH_LOCKED while commands are at work at machines or read disks, ANYARCH_CANCELLED,
 *   ANYARCH_STATE_INVALID when a snapshot does not tell what it needs: then nothing is removed
 */
export async function pruneMachines(
  host: Host,
  { dryRun = false, signal }: PruneOptions = {},
): Promise<PruneReport> {
  return await withoutMachineWork(host, machinesDirectory(host.system), signal, async () => {
    const layers = collectLayers(host, { dryRun: true });
    const needed = neededByMachines(host, remainingLayers(host, layers));
    const images = listed(host, imagesDirectory(host.system));
    const unused = images.filter((path) => isImage(path) && !needed.images.has(nameOf(path)));
    const leftovers = leftoversOf(host, images);
    const measured = (kind: Pruned['kind'], path: string): Pruned => ({
      ...{ kind, path },
      bytes: treeBytes(host.files, path),
    });
    const removed = [
      ...layers.map((path) => measured('layer', path)),
      ...unused.map((path) => measured('image', path)),
      ...leftovers.map((path) => measured('leftover', path)),
      ...(await programsOf(host, needed.sets, { dryRun: true, signal })).map(
        // The files of a set are those of its packages.
        (path): Pruned =>
          path.includes('/sets/') ? { kind: 'programs', path, bytes: 0 } : measured('programs', path),
      ),
    ];
    const kept = images.flatMap((path) => {
      const usedBy = needed.images.get(nameOf(path));
      return usedBy === undefined ? [] : [{ path, usedBy }];
    });
    if (dryRun) return { removed, kept, merged: await mergeAll(host, { dryRun, signal }) };
    collectLayers(host);
    const busy = new Set<string>();
    for (const path of unused) if (!(await removeImage(host, path))) busy.add(path);
    for (const path of leftovers) await removeTree(host, path);
    for (const path of images.filter((one) => nameOf(one).startsWith('.lock-'))) freeLock(host, path);
    await programsOf(host, needed.sets, { dryRun, signal });
    return {
      removed: removed.filter(({ path }) => !busy.has(path)),
      kept: [...kept, ...[...busy].map((path) => ({ path, usedBy: 'a command that is at work' }))],
      // Last: it needs space, and the others make some.
      merged: await mergeAll(host, { dryRun, signal }),
    };
  });
}

async function programsOf(
  host: Host,
  sets: ReadonlyMap<string, string> | undefined,
  options: { readonly dryRun: boolean; readonly signal: AbortSignal | undefined },
): Promise<readonly string[]> {
  return sets === undefined ? [] : await prunePrograms(host, { needed: new Set(sets.keys()), ...options });
}

function remainingLayers(host: Host, gone: readonly string[]): string[] {
  return listed(host, layersDirectory(host.system)).filter((path) => !gone.includes(path));
}

function listed({ files }: Host, directory: string): string[] {
  return (ignoring(['ENOENT', 'ENOTDIR'], () => files.list(directory)) ?? [])
    .toSorted()
    .map((name) => `${directory}/${name}`);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Directories of others are not ours to remove. */
function isImage(path: string): boolean {
  return /^(?:debian|container|reader|cloud)-[\w.+-]+$/.test(nameOf(path));
}

/** No command is at work: what has no final name yet is nobody's, but for images that are being made without a machine. */
function leftoversOf(host: Host, images: readonly string[]): string[] {
  const { system } = host;
  const machines = listed(host, machinesDirectory(system));
  return [
    ...machines.filter((path) => /^\.(?:new|gone)-/.test(nameOf(path))),
    ...unfinishedImages(host),
    ...images.filter((path) => nameOf(path) === '.downloads'),
    ...listed(host, `${stateDirectory(system)}/machine-probes`),
  ];
}

/** @returns false for one that somebody is making anew */
async function removeImage(host: Host, path: string): Promise<boolean> {
  const images = imagesDirectory(host.system);
  const attempt = tryLock(host, `${images}/.lock-${nameOf(path)}`);
  if (!('release' in attempt)) return false;
  try {
    // A name that commands clear away when this one is killed.
    const gone = `${images}/.making-${ownToken()}.${randomBytes(4).toString('hex')}`;
    host.files.rename(path, gone);
    await removeTree(host, gone);
    return true;
  } finally {
    attempt.release();
  }
}

/** Of a process that is gone. */
function freeLock(host: Host, path: string): void {
  if (path.includes('.after-')) return;
  const attempt = tryLock(host, path);
  if ('release' in attempt) attempt.release();
}
