import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import type { RootlessEngine } from './engine.ts';

/** What files of ours say in their first lines, where they can. */
const note = /^# Made by "anyarch rootless enable \w+", removed by "anyarch rootless disable \w+"\.$/m;

/** Files that say that they are ours, should the record be lost. */
export function foundPaths(host: Host, { ownPaths }: Pick<RootlessEngine, 'ownPaths'>): string[] {
  return (ownPaths?.(host) ?? []).filter((path) => {
    const start = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'], () =>
      decodeUtf8(host.files.readAt(path, 0, 256)),
    );
    return start !== undefined && note.test(start);
  });
}
