import type { OpenedLayer } from '../../image-store/index.ts';
import type { MemberDifference } from './compare-members.ts';
import { expectedPath } from './expected-paths.ts';
import { isProgram, type Aspect } from './member.ts';
import { mayBeNormalForm, sameNormalForm } from './normal-form.ts';
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

/** Bytes of one file, and of all files of one image, that are kept in memory to be compared without their times. */
const mostOfFile = 32 << 20;
const mostOfAll = 128 << 20;

/**
 * Looks for the reason of each difference: what the path is for, or a format that notes the time.
 *
 * @throws AnyarchError as `readLayer`
 */
export async function explainFiles(
  differences: readonly MemberDifference[],
  pair: Pair,
  layer: number | undefined,
  signal: AbortSignal | undefined,
): Promise<FileDifference[]> {
  const wanted = toRead(differences);
  const a = await contentsOf(pair.first, wanted, signal);
  const b = await contentsOf(pair.second, wanted, signal);
  return differences.map((difference) => {
    const { path } = difference;
    const aspects = difference.aspects.filter((aspect) => aspect !== 'mtime');
    const explained = differsInContent(difference)
      ? (byPath(difference) ?? normalForm(path, a.get(path), b.get(path)))
      : undefined;
    return {
      path,
      ...(layer === undefined ? {} : { layer }),
      aspects,
      ...(explained === undefined ? {} : { explained: { name: explained.name, reason: explained.reason } }),
    };
  });
}

/** Only what may be of a format that notes the time is read again; where that is too much, differences stay unexplained. */
function toRead(differences: readonly MemberDifference[]): Set<string> {
  const wanted = new Set<string>();
  let all = 0;
  for (const difference of differences) {
    const { path, first, second } = difference;
    if (first === undefined || second === undefined) continue;
    if (!differsInContent(difference) || byPath(difference) !== undefined) continue;
    const size = Math.max(first.size, second.size);
    if (size > mostOfFile || all + size > mostOfAll) continue;
    if (!mayBeNormalForm(path, [first.head, second.head])) continue;
    all += size;
    wanted.add(path);
  }
  return wanted;
}

/** In nothing else but its time. */
function differsInContent({ aspects }: MemberDifference): boolean {
  return aspects.includes('content') && aspects.every((one) => one === 'content' || one === 'mtime');
}

/** Whatever the path is for: a program is none of it. */
function byPath({ path, first, second }: MemberDifference) {
  const hasProgram = [first, second].some((one) => one !== undefined && isProgram(one));
  return hasProgram ? undefined : expectedPath(path);
}

function normalForm(path: string, a: Buffer | undefined, b: Buffer | undefined) {
  return a === undefined || b === undefined ? undefined : sameNormalForm(a, b, path);
}

/** The uppermost layer's content counts. */
async function contentsOf(
  layers: readonly OpenedLayer[],
  wanted: ReadonlySet<string>,
  signal: AbortSignal | undefined,
): Promise<Map<string, Buffer>> {
  const contents = new Map<string, Buffer>();
  if (wanted.size === 0) return contents;
  for (const layer of layers)
    for (const [path, content] of await readContents(layer, wanted, mostOfFile, signal))
      contents.set(path, content);
  return contents;
}
