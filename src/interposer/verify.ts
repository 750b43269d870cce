import { architectures, findArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { storedPath } from '../host/stored-path.ts';
import { digestOf } from '../store/index.ts';
import { readRecords, type SuiteResult } from './record.ts';

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
  /** `damaged`: the content has another digest. The next command that wants it makes it anew. */
  readonly outcome: 'intact' | 'damaged' | 'missing';
}

/** Recomputes the digest of every interposed emulator of this user, or of those of the named architectures. */
export async function verifyInterposed(
  host: Pick<Host, 'files' | 'system'>,
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
      results.push({
        target,
        path,
        sha256: stored.sha256,
        originalSha256: original.sha256,
        interposerSha256: interposer.sha256,
        arguments: words,
        suite,
        outcome: digest === undefined ? 'missing' : digest === stored.sha256 ? 'intact' : 'damaged',
      });
    }
  return results;
}
