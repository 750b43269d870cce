import { compareWalked } from './line.ts';
import type { ListedFile } from './line.ts';

/** One way in which a tree is not what it was when it was unpacked. */
export interface Difference {
  /** Bytes (Latin-1), below the tree. */
  readonly path: string;
  readonly what: 'missing' | 'added' | 'kind' | 'mode' | 'owner' | 'size' | 'content' | 'xattrs';
}

export interface Comparison {
  readonly differences: readonly Difference[];
  /** Also of those that are not in `differences`, which holds the first. */
  readonly count: number;
}

/** Of an image that was changed as a whole nobody reads more. */
const mostTold = 100;

/** Both in the order of `compareWalked`. */
export async function compareListings(
  before: AsyncIterable<ListedFile>,
  now: Iterable<ListedFile>,
): Promise<Comparison> {
  const differences: Difference[] = [];
  let count = 0;
  const tell = (path: string, what: Difference['what']): void => {
    count += 1;
    if (differences.length < mostTold) differences.push({ path, what });
  };
  const walk = now[Symbol.iterator]();
  let found = nextOf(walk);
  for await (const listed of before) {
    while (found !== undefined && compareWalked(found.path, listed.path) < 0) {
      tell(found.path, 'added');
      found = nextOf(walk);
    }
    if (found?.path !== listed.path) {
      tell(listed.path, 'missing');
      continue;
    }
    for (const what of differing(listed, found)) tell(listed.path, what);
    found = nextOf(walk);
  }
  for (; found !== undefined; found = nextOf(walk)) tell(found.path, 'added');
  return { differences, count };
}

function nextOf(files: Iterator<ListedFile>): ListedFile | undefined {
  const result: IteratorResult<ListedFile, unknown> = files.next();
  return result.done === true ? undefined : result.value;
}

function differing(before: ListedFile, now: ListedFile): Difference['what'][] {
  if (before.kind !== now.kind) return ['kind'];
  const checks: readonly (readonly [Difference['what'], boolean])[] = [
    ['mode', before.mode === now.mode],
    ['owner', before.uid === now.uid && before.gid === now.gid],
    ['size', before.size === now.size],
    ['content', before.size !== now.size || before.content === now.content],
    ['xattrs', sameXattrs(before.xattrs, now.xattrs)],
  ];
  return checks.flatMap(([what, isSame]) => (isSame ? [] : [what]));
}

function sameXattrs(before: ListedFile['xattrs'], now: ListedFile['xattrs']): boolean {
  const names = Object.keys(before);
  return names.length === Object.keys(now).length && names.every((name) => before[name] === now[name]);
}
