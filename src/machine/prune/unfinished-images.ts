import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { isAbandoned } from '../../store/index.ts';
import { imagesDirectory } from '../places.ts';

/** Directories of images that were being made by commands that are gone. */
export function unfinishedImages({ files, system }: Pick<Host, 'files' | 'system'>): string[] {
  const directory = imagesDirectory(system);
  const names = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.list(directory)) ?? [];
  return names.toSorted().flatMap((name) => {
    const token = /^\.making-(\d+-\d+-\d+)\./.exec(name)?.[1];
    if (token === undefined) return [];
    const path = `${directory}/${name}`;
    const modifiedMs = files.linkStatus(path)?.modifiedMs;
    return modifiedMs !== undefined && isAbandoned(token, modifiedMs) ? [path] : [];
  });
}
