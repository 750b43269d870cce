import type { OpenedLayer } from '../../image-store/index.ts';
import type { MemberDifference } from './compare-members.ts';
import { expectedPath } from './expected-paths.ts';
import type { Aspect } from './member.ts';
import { sameNormalForm } from './normal-form.ts';
import { readContents } from './read-layer.ts';

/** A file that differs in more than its time, and why, as far as that is known. */
export interface FileDifference {
  readonly path: string;
  /** Its position, the lowest 0; undefined for a file of the flattened tree. */
  readonly layer?: number;
  readonly aspects: readonly Aspect[];
  readonly explained?: { readonly name: string; readonly reason: string };
}

/** The layers that the files are in. */
export interface Pair {
  readonly first: readonly OpenedLayer[];
  readonly second: readonly OpenedLayer[];
}

/** Files whose content is kept in memory to be compared without its times. */
const mostFiles = 2000;

/** Looks for the reason of each difference: what the path is for, or a format that notes the time. */
export async function explainFiles(
  differences: readonly MemberDifference[],
  pair: Pair,
  layer: number | undefined,
): Promise<FileDifference[]> {
  const unknown = differences.filter((one) => differsInContent(one) && expectedPath(one.path) === undefined);
  const wanted = new Set(unknown.slice(0, mostFiles).map(({ path }) => path));
  const a = await contentsOf(pair.first, wanted);
  const b = await contentsOf(pair.second, wanted);
  return differences.map((difference) => {
    const { path } = difference;
    const aspects = difference.aspects.filter((aspect) => aspect !== 'mtime');
    const explained = differsInContent(difference)
      ? (expectedPath(path) ?? normalForm(path, a.get(path), b.get(path)))
      : undefined;
    return {
      path,
      ...(layer === undefined ? {} : { layer }),
      aspects,
      ...(explained === undefined ? {} : { explained: { name: explained.name, reason: explained.reason } }),
    };
  });
}

/** In nothing else but its time. */
function differsInContent({ aspects }: MemberDifference): boolean {
  return aspects.includes('content') && aspects.every((one) => one === 'content' || one === 'mtime');
}

function normalForm(path: string, a: Buffer | undefined, b: Buffer | undefined) {
  return a === undefined || b === undefined ? undefined : sameNormalForm(a, b, path);
}

/** The uppermost layer's content counts. */
async function contentsOf(
  layers: readonly OpenedLayer[],
  wanted: ReadonlySet<string>,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  if (wanted.size === 0) return contents;
  for (const layer of layers)
    for (const [path, content] of await readContents(layer, wanted)) contents.set(path, content);
  return contents;
}
