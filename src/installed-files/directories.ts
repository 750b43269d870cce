import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

type Parts = Pick<Host, 'files'>;

/** The directories above a path that do not exist yet, the highest first. */
export function missingAbove({ files }: Parts, path: string): string[] {
  const missing: string[] = [];
  for (let above = parentOf(path); above !== ''; above = parentOf(above)) {
    if (files.status(above) !== undefined) break;
    missing.unshift(above);
  }
  return missing;
}

/**
 * Removes those that nothing is in.
 *
 * @returns those that are still there
 */
export function removeEmpty({ files }: Parts, directories: readonly string[]): string[] {
  // A directory's own come before it.
  const deepestFirst = directories.toSorted((a, b) => b.length - a.length);
  const left = deepestFirst.filter((path) => {
    const removed = ignoring(['ENOTEMPTY', 'EEXIST', 'EBUSY', 'EACCES', 'EPERM', 'EROFS', 'ENOTDIR'], () => {
      ignoring(['ENOENT'], () => {
        files.removeDirectory(path);
      });
      return true;
    });
    return removed === undefined;
  });
  return directories.filter((path) => left.includes(path));
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
}
