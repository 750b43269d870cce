import type { Host } from '../host/host.ts';
import { systemDirectory } from '../host/system-directory.ts';
import type { Manifest, RecordedFile } from './manifest.ts';
import { identityAt, type Feature } from './wanted.ts';

type Parts = Pick<Host, 'files'>;

/** The manifest with files that are recognised as ours although it does not have them: it was lost, or is of another time. */
export function withFound(
  host: Parts,
  manifest: Manifest,
  feature: Feature,
  found: readonly string[] = [],
): Manifest {
  const recorded = new Set(manifest.files.map(({ path }) => path));
  const added = found
    .filter((path) => !recorded.has(path))
    .flatMap((path): RecordedFile[] => {
      const there = identityAt(host, path);
      return there === undefined ? [] : [{ path, feature, ours: [there] }];
    });
  if (added.length === 0) return manifest;
  const directories = [...manifest.directories, ...added.flatMap(({ path }) => ownAbove(path))];
  return { ...manifest, files: [...manifest.files, ...added], directories: [...new Set(directories)] };
}

/** `systemDirectory` and what is in it is nobody else's; the highest first. */
function ownAbove(path: string): string[] {
  const above = path.slice(0, path.lastIndexOf('/'));
  if (above === systemDirectory) return [above];
  return above.startsWith(`${systemDirectory}/`) ? [...ownAbove(above), above] : [];
}
