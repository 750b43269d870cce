import type { OpenedImage, OpenedLayer } from '../../image-store/index.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import { compareConfigs, type ConfigDifference } from './compare-config.ts';
import { compareMembers } from './compare-members.ts';
import { explainFiles, type FileDifference, type Pair } from './explain-files.ts';
import { flatten } from './flatten.ts';
import type { Members } from './member.ts';
import { readLayer } from './read-layer.ts';

/** What two images have and do not have in common. */
export interface Comparison {
  /** There is no difference without a reason. */
  readonly same: boolean;
  readonly config: readonly ConfigDifference[];
  /** Without those of which only the time differs. */
  readonly files: readonly FileDifference[];
  /** Files of which nothing but the modification time differs: each build writes its files anew. */
  readonly onlyTimes: number;
  readonly layers: {
    readonly first: number;
    readonly second: number;
    /** The same, byte by byte. */
    readonly identical: number;
    /** `flattened`: the trees that they make; where the numbers of layers differ. */
    readonly compared: 'by layer' | 'flattened';
  };
  /** Files that were looked at in layers that are not identical. */
  readonly compared: number;
}

/**
 * Compares two images file by file. Layers with the same digest are the same; of others every member is compared.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_IMAGE_INVALID, ANYARCH_FILE, ANYARCH_CANCELLED
 */
export async function compareImages(
  first: Pick<OpenedImage, 'configText' | 'layers'>,
  second: Pick<OpenedImage, 'configText' | 'layers'>,
  signal?: AbortSignal,
): Promise<Comparison> {
  const config = compareConfigs(first.configText, second.configText);
  const byLayer = first.layers.length === second.layers.length;
  const pairs = byLayer ? pairsOf(first.layers, second.layers) : undefined;
  const files: FileDifference[] = [];
  let compared = 0;
  let onlyTimes = 0;
  const take = async (a: Members, b: Members, pair: Pair, layer: number | undefined): Promise<void> => {
    compared += Math.max(a.size, b.size);
    const found = compareMembers(a, b);
    const telling = found.filter(({ aspects }) => aspects.some((aspect) => aspect !== 'mtime'));
    onlyTimes += found.length - telling.length;
    files.push(...(await explainFiles(telling, pair, layer, signal)));
  };
  if (pairs === undefined) {
    const [a, b] = [await treeOf(first.layers, signal), await treeOf(second.layers, signal)];
    await take(a, b, { first: first.layers, second: second.layers }, undefined);
  } else {
    for (const { position, a, b } of pairs) {
      throwIfCancelled(signal);
      await take(
        await readLayer(a, signal),
        await readLayer(b, signal),
        { first: [a], second: [b] },
        position,
      );
    }
  }
  return {
    same: [...config, ...files].every(({ explained }) => explained !== undefined),
    config,
    files,
    onlyTimes,
    layers: {
      first: first.layers.length,
      second: second.layers.length,
      identical: identicalLayers(first.layers, second.layers),
      compared: byLayer ? 'by layer' : 'flattened',
    },
    compared,
  };
}

function pairsOf(first: readonly OpenedLayer[], second: readonly OpenedLayer[]) {
  return first.flatMap((a, position) => {
    const b = second[position];
    return b === undefined || a.diffId === b.diffId ? [] : [{ position, a, b }];
  });
}

async function treeOf(layers: readonly OpenedLayer[], signal: AbortSignal | undefined): Promise<Members> {
  const read: Members[] = [];
  for (const layer of layers) {
    throwIfCancelled(signal);
    read.push(await readLayer(layer, signal));
  }
  return flatten(read);
}

function identicalLayers(first: readonly OpenedLayer[], second: readonly OpenedLayer[]): number {
  return first.filter(({ diffId }, position) => second[position]?.diffId === diffId).length;
}
