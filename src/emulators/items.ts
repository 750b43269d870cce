import type { Files } from '../host/files.ts';
import type { Host } from '../host/host.ts';
import { storedPath } from '../host/stored-path.ts';
import { digestOf, updateDocument } from '../store/index.ts';
import { cataloguePath, readCatalogue, type Catalogue, type CatalogueItem } from './catalogue.ts';
import { preservesArgv0, type Emulator } from './emulator.ts';

/** Items by target. */
export type Items = ReadonlyMap<string, CatalogueItem>;

/** Stored items of the targets whose content still has its digest. */
export async function findIntact(
  files: Files,
  directory: string,
  targets: readonly string[],
  accepts: (item: CatalogueItem) => boolean,
): Promise<Map<string, CatalogueItem>> {
  const { emulators } = readCatalogue(files, directory);
  const found = new Map<string, CatalogueItem>();
  for (const target of targets) {
    for (const item of emulators[target]?.items.filter(accepts) ?? []) {
      if (!found.has(target) && (await digestOf(storedPath(directory, item))) === item.sha256)
        found.set(target, item);
    }
  }
  return found;
}

/** Records the items and makes them the ones in use. */
export function useItems(host: Pick<Host, 'files' | 'clock'>, directory: string, items: Items): void {
  if (items.size === 0) return;
  const change = (catalogue: Catalogue): Catalogue => {
    const emulators = { ...catalogue.emulators };
    for (const [target, item] of items) {
      const others = emulators[target]?.items.filter(({ sha256 }) => sha256 !== item.sha256) ?? [];
      emulators[target] = { inUse: item.sha256, items: [item, ...others] };
    }
    return { schema: 1, emulators };
  };
  updateDocument(host, cataloguePath(directory), () => readCatalogue(host.files, directory), change);
}

export function emulatorOf(files: Files, directory: string, target: string, item: CatalogueItem): Emulator {
  const { version, packageVersion, linkage, sha256 } = item;
  const path = files.resolve(storedPath(directory, item));
  return {
    target,
    path,
    version,
    packageVersion,
    linkage,
    origin: 'store',
    preservesArgv0: preservesArgv0(version),
    sha256,
  };
}
