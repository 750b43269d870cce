import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { ownToken } from '../store/index.ts';
import { withProgramsLock } from './lock.ts';
import { programPlaces } from './places.ts';
import { readSets } from './set-document.ts';
import { clearMaking } from './settle.ts';

export interface PruneProgramsOptions {
  /** Digests of sets that stay. */
  readonly needed: ReadonlySet<string>;
  readonly dryRun: boolean;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Removes sets of programs that are not needed, packages that are in none of the others, and what killed commands left. Whoever
 * needs them later fetches them again.
 *
 * @returns what is gone; sets are links to the files of their packages
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED
 */
export async function prunePrograms(
  host: Pick<Host, 'clock' | 'files' | 'log' | 'system'>,
  { needed, dryRun, signal }: PruneProgramsOptions,
): Promise<readonly string[]> {
  const { files } = host;
  const places = programPlaces(host.system);
  if (files.linkStatus(places.directory) === undefined) return [];
  const inside = (directory: string): string[] =>
    (ignoring(['ENOENT'], () => files.list(directory)) ?? []).map((name) => `${directory}/${name}`);
  return await withProgramsLock(host, places, signal, () => {
    if (!dryRun) clearMaking(places);
    const staying = readSets(files, places).filter(({ digest }) => needed.has(digest));
    const used = new Set([
      ...staying.map(({ digest }) => places.set(digest)),
      ...staying.flatMap(({ packages }) => packages.map(({ sha256 }) => places.packageTree(sha256))),
    ]);
    const unused = [...inside(places.sets), ...inside(`${places.directory}/packages`)].filter(
      (path) => !used.has(path),
    );
    unused.forEach((path, index) => {
      if (dryRun) return;
      // At once for everybody else: half a set is none.
      const gone = `${places.making}/${ownToken()}.${index.toString(16).padStart(16, '0')}`;
      files.makeDirectory(places.making);
      files.rename(path, gone);
      files.remove(gone);
    });
    return Promise.resolve(unused);
  });
}
