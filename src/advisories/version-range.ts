import { compareQemuVersions } from '../core/version.ts';

/** From a version on, that one included, up to one that is no longer meant. Without either end: any version. */
export interface VersionRange {
  /** The first one. */
  readonly from?: string;
  /** The first one that is not in it any more. */
  readonly below?: string;
}

/**
 * Whether a version lies in it. Release candidates stand before their release, so `8.0.0-rc1` is below `8.0`; what stands behind the
 * numbers of a kernel's release (`6.1.0-13-amd64`) or of a package does not count.
 */
export function isInRange(version: string, { from, below }: VersionRange): boolean {
  return (
    (from === undefined || compareQemuVersions(version, from) >= 0) &&
    (below === undefined || compareQemuVersions(version, below) < 0)
  );
}

/** In a sentence: `7.2 to before 8.0`, `before 10.0`, `11.0 and later`, `any version`. */
export function formatRange({ from, below }: VersionRange): string {
  if (from !== undefined && below !== undefined) return `${from} to before ${below}`;
  if (below !== undefined) return `before ${below}`;
  return from === undefined ? 'any version' : `${from} and later`;
}
