import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** What every shim of ours says in its second line. */
export const shimMark = '# A shim of anyarch';

/** The first program of that name in PATH which is no shim of ours. */
export function realProgram(host: Parts, name: string): string | undefined {
  return searchPath(host)
    .map((directory) => `${directory}/${name}`)
    .find((path) => isExecutable(host, path) && !isShim(host, path));
}

/** The first program of that name in PATH, a shim or not. */
export function firstProgram(host: Parts, name: string): string | undefined {
  return searchPath(host)
    .map((directory) => `${directory}/${name}`)
    .find((path) => isExecutable(host, path));
}

/** The absolute directories in PATH: what a relative one holds depends on where one is. */
export function searchPath({ system }: Pick<Host, 'system'>): string[] {
  return (system.environment['PATH'] ?? '')
    .split(':')
    .filter((directory) => directory.startsWith('/'))
    .map((directory) => directory.replace(/(?<=.)\/+$/, ''));
}

/** Whether a shim of ours is at that path. */
export function isShim({ files }: Pick<Host, 'files'>, path: string): boolean {
  const start = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'], () => files.readAt(path, 0, 64));
  return start !== undefined && decodeUtf8(start).includes(`\n${shimMark}`);
}

function isExecutable({ files }: Pick<Host, 'files'>, path: string): boolean {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => files.isExecutable(path)) === true;
}
