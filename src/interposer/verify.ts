import { dirname } from 'node:path';
import { architectures, findArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { storedPath, type StoredFile } from '../host/stored-path.ts';
import { digestOf, updateDocument } from '../store/index.ts';
import { readRecords, recordDocument, recordPath, withoutStored, type SuiteResult } from './record.ts';

/** An interposed emulator that was made for this user. */
export interface VerifiedInterposed {
  readonly target: string;
  readonly path: string;
  /** What it should be. */
  readonly sha256: string;
  readonly originalSha256: string;
  readonly interposerSha256: string;
  readonly arguments: readonly string[];
  readonly suite: SuiteResult | undefined;
  /** `damaged`: the content has another digest. It has been removed: the next command that wants it makes it anew. */
  readonly outcome: 'intact' | 'damaged' | 'missing';
}

/**
 * Recomputes the digest of every interposed emulator of this user, or of those of the named architectures. A damaged one
 * goes, with what is recorded of it: it is made of what is here, and nothing is to use it before that. Entries that hold
 * it open keep it until they are registered again.
 *
 * @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_LOCKED where it cannot be removed
 */
export async function verifyInterposed(
  host: Pick<Host, 'files' | 'system' | 'clock'>,
  names: readonly string[] = architectures.map(({ name }) => name),
): Promise<VerifiedInterposed[]> {
  const state = stateDirectory(host.system);
  const results: VerifiedInterposed[] = [];
  for (const target of names.map((name) => findArchitecture(name).name))
    for (const { original, interposer, arguments: words, stored, suite } of readRecords(
      host,
      state,
      target,
    )) {
      if (stored === undefined) continue;
      const path = storedPath(state, stored);
      const digest = await digestOf(path);
      const outcome = digest === undefined ? 'missing' : digest === stored.sha256 ? 'intact' : 'damaged';
      if (outcome === 'damaged') forget(host, state, target, stored);
      results.push({
        target,
        path,
        sha256: stored.sha256,
        originalSha256: original.sha256,
        interposerSha256: interposer.sha256,
        arguments: words,
        suite,
        outcome,
      });
    }
  return results;
}

/** The record first: without it nobody looks for the file. */
function forget(
  host: Pick<Host, 'files' | 'clock'>,
  state: string,
  target: string,
  stored: StoredFile,
): void {
  updateDocument(
    host,
    recordPath(state, target),
    () => recordDocument(readRecords(host, state, target)),
    ({ items }) => recordDocument(withoutStored(items, stored.sha256)),
  );
  host.files.remove(dirname(storedPath(state, stored)));
}
