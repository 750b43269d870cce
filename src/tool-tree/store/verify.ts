import { recipeDirectory } from '../../core/recipe/mount.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { logFile, setName, toolTreeDirectory } from '../places.ts';
import type { ToolGroup } from '../tool.ts';
import { damageOf } from './check-set.ts';
import { recipesOf } from './index-recipes.ts';
import { readPairings } from './pairing.ts';
import { isStamped, readStamps } from './stamps.ts';
import { readSetDocument, sizeOfSet } from './set-document.ts';

export interface VerifiedSet {
  readonly set: string;
  /** Undefined where nothing tells it any more. */
  readonly group: ToolGroup | undefined;
  /** Guests that it serves. */
  readonly guests: readonly string[];
  readonly outcome: 'intact' | 'damaged' | 'missing';
  readonly bytes: number;
  /** What is wrong, a line each. */
  readonly damage: readonly string[];
}

export interface VerifiedTree {
  readonly sets: readonly VerifiedSet[];
  /** What is wrong beside sets: recipes that are missing or others, files that are nobody's. */
  readonly problems: readonly string[];
}

/** Reads every byte of every set again. Nothing is changed. */
export function verifyTree(host: Pick<Host, 'files'>, state: string): VerifiedTree {
  const { files } = host;
  const tree = toolTreeDirectory(state);
  const pairings = readPairings(files, state);
  const names = new Set(pairings.map(({ set }) => set));
  const sets = [...names].map((set): VerifiedSet => {
    const directory = `${tree}/${set}`;
    const own = pairings.filter((one) => one.set === set);
    const described = { set, group: own[0]?.group, guests: own.map(({ guest }) => guest.name) };
    if (files.linkStatus(directory)?.kind !== 'directory')
      return { ...described, outcome: 'missing', bytes: 0, damage: ['its directory is missing'] };
    const document = readSetDocument(files, directory);
    if (document?.id !== set)
      return { ...described, outcome: 'damaged', bytes: 0, damage: ['set.json is missing or damaged'] };
    const damage = damageOf(host, directory, document);
    return {
      ...described,
      outcome: damage.length === 0 ? 'intact' : 'damaged',
      bytes: sizeOfSet(document),
      damage,
    };
  });
  const unstamped = sets
    .filter(({ outcome, set }) => {
      const document = readSetDocument(files, `${tree}/${set}`);
      return outcome === 'intact' && document !== undefined && !isStamped(files, state, document);
    })
    .map(
      ({ set }) => `the set ${set} was copied or touched since it was verified; its programs are emulated`,
    );
  const problems = [
    ...strangers(host, tree, names),
    ...unstamped,
    ...recipeProblems(host, state, tree, pairings),
  ];
  return { sets, problems };
}

function strangers({ files }: Pick<Host, 'files'>, tree: string, sets: ReadonlySet<string>): string[] {
  const names = ignoring(['ENOENT'], () => files.list(tree)) ?? [];
  return names
    .filter((name) => name !== recipeDirectory && !sets.has(name))
    .filter((name) => name !== logFile || files.linkStatus(`${tree}/${name}`)?.kind !== 'other')
    .map((name) =>
      setName.test(name) ? `the set ${name} serves nothing` : `${name} does not belong to the tree`,
    );
}

function recipeProblems(
  { files }: Pick<Host, 'files'>,
  state: string,
  tree: string,
  pairings: ReturnType<typeof readPairings>,
): string[] {
  const directory = `${tree}/${recipeDirectory}`;
  const wanted = recipesOf(pairings, readStamps(files, state));
  const there = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(directory)) ?? [];
  const isSame = (name: string, text: string) =>
    ignoring(['ENOENT', 'EISDIR', 'ENOTDIR', 'EACCES'], () =>
      decodeUtf8(files.read(`${directory}/${name}`)),
    ) === text;
  return [
    ...there.filter((name) => !wanted.has(name)).map((name) => `the recipe ${name} belongs to no set`),
    ...[...wanted]
      .filter(([name, text]) => !isSame(name, text))
      .map(([name]) => `the recipe ${name} is missing or damaged`),
  ];
}
