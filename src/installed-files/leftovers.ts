import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import type { Manifest } from './manifest.ts';

/** What an atomic write of this package leaves when it is killed: the name, process, number, time (host/node/file-writing.ts). */
const temporaryEnd = /^\.\d+-\d+-[0-9a-z]+\.tmp$/;

/** Removes half-written neighbours of recorded files. Only while nobody else writes them: under the lock. */
export function removeLeftovers({ files }: Pick<Host, 'files'>, { files: recorded }: Manifest): void {
  const listings = new Map<string, readonly string[]>();
  for (const { path } of recorded) {
    const slash = path.lastIndexOf('/');
    const [directory, base] = [path.slice(0, slash), path.slice(slash + 1)];
    const listed =
      listings.get(directory) ?? ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.list(directory)) ?? [];
    listings.set(directory, listed);
    for (const name of listed) {
      if (name.startsWith(base) && temporaryEnd.test(name.slice(base.length)))
        files.remove(`${directory}/${name}`);
    }
  }
}
