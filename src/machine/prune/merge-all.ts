import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import {
  mergeLayers,
  planMerges,
  spaceFailure,
  takenBytes,
  tidyLayers,
  withLayersUntil,
  type LayerMerge,
} from '../layers/index.ts';
import type { Programs } from '../../debian-programs/index.ts';
import { presentImageTool } from './image-tool.ts';
import { unchangeableLayers } from './unchangeable-layers.ts';

/** What became of layers that are read through one other only. */
export type MergedLayers = Pick<LayerMerge, 'path' | 'layers'> &
  (
    | {
        readonly outcome: 'merged';
        /** That the host got back: what all took before, without what the layer takes that is left. */
        readonly bytes: number;
      }
    | {
        readonly outcome: 'would-merge';
        /** What the others take: how much of it is hidden by the layer above is not known before. */
        readonly mostBytes: number;
      }
    | { readonly outcome: 'kept'; readonly reason: string }
    | { readonly outcome: 'failed'; readonly error: AnyarchError }
  );

interface MergeOptions {
  readonly dryRun: boolean;
  readonly signal: AbortSignal | undefined;
}

const noTool =
  'there is no qemu-img of QEMU 9.0 or newer here; machines fetch one when they are made or started';

/**
 * Merges layers where that changes nothing for anybody; to be called while no command is at work at any machine. Begins with those
 * that take least space meanwhile. One that fails does not keep others.
 *
 * @throws AnyarchError ANYARCH_CANCELLED; ANYARCH_STATE_INVALID when a snapshot does not tell what it needs
 */
export async function mergeAll(host: Host, { dryRun, signal }: MergeOptions): Promise<MergedLayers[]> {
  const { possible, blocked } = planMerges(host, unchangeableLayers(host));
  const kept = blocked.map((one): MergedLayers => ({ ...one, outcome: 'kept' }));
  if (possible.length === 0) return kept;
  const programs = presentImageTool(host);
  if (programs === undefined)
    return [
      ...possible.map(({ path, layers }): MergedLayers => ({
        path,
        layers,
        outcome: 'kept',
        reason: noTool,
      })),
      ...kept,
    ];
  const taken = (paths: readonly string[]) => takenBytes(host.files, paths);
  const merged: MergedLayers[] = [];
  for (const merge of possible.toSorted((one, other) => taken(one.layers) - taken(other.layers))) {
    merged.push(dryRun ? await forecast(host, merge) : await mergeOne(host, programs, merge, signal));
  }
  return [...merged, ...kept];
}

async function forecast(host: Host, merge: LayerMerge): Promise<MergedLayers> {
  const { path, layers } = merge;
  const failure = await spaceFailure(host.files, merge);
  if (failure !== undefined) return { path, layers, outcome: 'kept', reason: failure.message };
  return { path, layers, outcome: 'would-merge', mostBytes: takenBytes(host.files, layers) };
}

async function mergeOne(
  host: Host,
  programs: Programs,
  merge: LayerMerge,
  signal: AbortSignal | undefined,
): Promise<MergedLayers> {
  const { path, layers } = merge;
  const subject = { path, layers };
  const all = [path, ...layers];
  const before = takenBytes(host.files, all);
  host.log.info(
    `merging ${Math.ceil(takenBytes(host.files, layers) / 1e6)} MB of ${layers.length === 1 ? 'a layer' : `${layers.length} layers`} into ${path}; commands at machines wait, an interrupt loses nothing`,
  );
  try {
    const isMerged = await withLayersUntil(host, signal, () =>
      mergeLayers(host.files, programs, merge, signal),
    );
    if (!isMerged) return { ...subject, outcome: 'kept', reason: 'another process has it open' };
  } catch (error) {
    throwIfCancelled(signal);
    if (!(error instanceof AnyarchError)) throw error;
    return { ...subject, outcome: 'failed', error };
  }
  // Now, because the next one may need the space.
  tidyLayers(host);
  return { ...subject, outcome: 'merged', bytes: before - takenBytes(host.files, all) };
}
