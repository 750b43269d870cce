import type { Host } from '../host/host.ts';
import { readManifest } from './manifest.ts';
import { isOurs } from './plan.ts';
import { identityAt, type Feature, type Identity } from './wanted.ts';

/** A file of ours outside of the state directory, as it is now. */
export interface InstalledFile {
  readonly path: string;
  readonly feature: Feature;
  /** What it should be: `sha256:…` or `link:TARGET`. */
  readonly identity: Identity;
  readonly state: 'same' | 'changed' | 'missing';
}

/** Paths that are recorded for a feature, whatever is there now. @throws AnyarchError ANYARCH_STATE_INVALID */
export function recordedPaths(
  host: Pick<Host, 'files'>,
  state: string,
  feature: Feature,
): ReadonlySet<string> {
  const recorded = readManifest(host, state).files.filter((one) => one.feature === feature);
  return new Set(recorded.map(({ path }) => path));
}

/**
 * Reads each file to compare it.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID
 */
export function installedFiles(host: Pick<Host, 'files'>, state: string): readonly InstalledFile[] {
  return readManifest(host, state).files.map((recorded): InstalledFile => {
    const { path, feature, ours } = recorded;
    const there = identityAt(host, path);
    const found = there === undefined ? 'missing' : isOurs(recorded, there) ? 'same' : 'changed';
    return { path, feature, identity: ours.at(-1) ?? '', state: found };
  });
}
