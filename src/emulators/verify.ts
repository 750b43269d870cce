import { findArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { storedPath } from '../host/stored-path.ts';
import { digestOf } from '../store/index.ts';
import { readCatalogue } from './catalogue.ts';

export interface VerifyResult {
  readonly target: string;
  readonly path: string;
  readonly version: string;
  /** What it should be. */
  readonly sha256: string;
  readonly inUse: boolean;
  /** `damaged`: the content has another digest. Fetching it again repairs it. */
  readonly outcome: 'intact' | 'damaged' | 'missing';
}

/** Recomputes the digest of every stored emulator of this user, or of those of the named architectures. */
export async function verifyEmulators(
  { files, system }: Pick<Host, 'files' | 'system'>,
  names?: readonly string[],
): Promise<VerifyResult[]> {
  const directory = stateDirectory(system);
  const targets = names?.map((name) => findArchitecture(name).name);
  const results: VerifyResult[] = [];
  for (const [target, { inUse, items }] of Object.entries(readCatalogue(files, directory).emulators)) {
    if (targets?.includes(target) === false) continue;
    for (const item of items) {
      const { sha256, version } = item;
      const path = storedPath(directory, item);
      const digest = await digestOf(path);
      const outcome = digest === undefined ? 'missing' : digest === sha256 ? 'intact' : 'damaged';
      results.push({ target, path, version, sha256, inUse: inUse === sha256, outcome });
    }
  }
  return results;
}
