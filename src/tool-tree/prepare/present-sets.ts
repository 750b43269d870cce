import type { Host } from '../../host/host.ts';
import { toolTreeDirectory } from '../places.ts';
import { damageOf } from '../store/check-set.ts';
import { recipesOf } from '../store/index-recipes.ts';
import { recipeDirectory } from '../../core/recipe/mount.ts';
import { readPairings, type Pairing } from '../store/pairing.ts';
import { readSetDocument, sizeOfSet, type SetDocument } from '../store/set-document.ts';
import { ignoring } from '../../host/system-error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { readStamps } from '../store/stamps.ts';
import { withLeftOut } from './with-left-out.ts';
import type { PreparedSet } from './report.ts';
import { readRequest } from './request.ts';

/** What an earlier request of the same kind has made, when all of it is still there and intact. */
export function presentSets(
  host: Pick<Host, 'files'>,
  state: string,
  key: string,
): { readonly sets: readonly PreparedSet[]; readonly absent: readonly string[] } | undefined {
  const request = readRequest(host.files, state, key);
  if (request === undefined) return undefined;
  const pairings = readPairings(host.files, state);
  const sets: PreparedSet[] = [];
  for (const name of request.pairings) {
    const pairing = pairings.find((one) => one.key === name);
    const directory = `${toolTreeDirectory(state)}/${pairing?.set ?? '-'}`;
    const document = readSetDocument(host.files, directory);
    if (pairing === undefined || document === undefined || damageOf(host, directory, document).length > 0)
      return undefined;
    sets.push(describe(pairing, document));
  }
  if (!hasRecipes(host, state, pairings)) return undefined;
  return { sets: withLeftOut(sets, request.leftOut), absent: request.absent };
}

function hasRecipes({ files }: Pick<Host, 'files'>, state: string, pairings: readonly Pairing[]): boolean {
  const directory = `${toolTreeDirectory(state)}/${recipeDirectory}`;
  return [...recipesOf(pairings, readStamps(files, state))].every(
    ([name, text]) =>
      ignoring(['ENOENT', 'EISDIR', 'EACCES', 'ENOTDIR'], () =>
        decodeUtf8(files.read(`${directory}/${name}`)),
      ) === text,
  );
}

function describe(pairing: Pairing, document: SetDocument): PreparedSet {
  const version = (name: string) => document.packages.find((one) => one.name === name)?.version;
  return {
    group: pairing.group,
    set: pairing.set,
    guestArchitecture: document.guestArchitecture,
    outcome: 'present',
    bytes: sizeOfSet(document),
    tools: pairing.tools.map(({ name, guestPath, emulatedMs, nativeMs, guestPackage, hostPackage }) => ({
      name,
      guestPath,
      guestPackage:
        `${guestPackage} ${pairing.packages.find((one) => one.name === guestPackage)?.version ?? ''}`.trim(),
      hostPackage: `${hostPackage} ${version(hostPackage) ?? ''}`.trim(),
      emulatedMs,
      nativeMs,
    })),
    leftOut: [],
  };
}
