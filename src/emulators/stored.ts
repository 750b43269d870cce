import { lookUpArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory, systemStateDirectory } from '../host/state-directory.ts';
import { storedPath } from '../host/stored-path.ts';
import { readCatalogue, type CatalogueItem } from './catalogue.ts';
import { compareQemuVersions } from '../core/version.ts';
import { preservesArgv0, type Candidate } from './emulator.ts';

/**
 * The store's emulators for a target: the one in use first, then the newest. None is executed: they were verified
 * when they were fetched, and `run` has no time for it.
 */
export function* storedCandidates(
  { files, system }: Pick<Host, 'files' | 'system'>,
  target: string,
): Generator<Candidate> {
  for (const directory of new Set([stateDirectory(system), systemStateDirectory])) {
    const entry = readCatalogue(files, directory).emulators[target];
    if (entry === undefined) continue;
    const rank = (item: CatalogueItem) => (item.sha256 === entry.inUse ? 1 : 0);
    const items = [...entry.items].sort(
      (a, b) => rank(b) - rank(a) || compareQemuVersions(b.version, a.version),
    );
    for (const item of items) yield judgeStored(files, system.machine, directory, target, item);
  }
}

function judgeStored(
  files: Host['files'],
  machine: string,
  directory: string,
  target: string,
  item: CatalogueItem,
): Candidate {
  const path = storedPath(directory, item);
  const { architecture } = item.package;
  // A home directory may be shared by machines of different architectures.
  if (lookUpArchitecture(machine)?.debian.includes(architecture) === false) {
    return { path, rejected: `it is for ${architecture} hosts` };
  }
  const status = files.status(path);
  if (status?.kind !== 'file') return { path, rejected: 'its file is missing' };
  if (status.size !== item.size)
    return { path, rejected: `its file has ${status.size} bytes instead of ${item.size}` };
  const { version, packageVersion, linkage, sha256 } = item;
  return {
    path,
    emulator: {
      target,
      path: files.resolve(path),
      version,
      packageVersion,
      linkage,
      origin: 'store',
      preservesArgv0: preservesArgv0(version),
      sha256,
    },
  };
}
