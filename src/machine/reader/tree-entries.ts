import * as fs from 'node:fs';
import type { CpioEntry } from './cpio.ts';

/**
 * A directory of the host's as members of an archive, parents first.
 *
 * @param prefix path of the directory in the archive
 * @param wants told each path in the archive; what is below a directory that is not wanted is not asked for
 */
export function* treeEntries(
  directory: string,
  prefix: string,
  wants: (path: string) => boolean,
): Generator<CpioEntry> {
  if (!wants(prefix)) return;
  yield { kind: 'directory', path: prefix };
  const entries = fs.readdirSync(directory, { withFileTypes: true });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const [path, file] = [`${prefix}/${entry.name}`, `${directory}/${entry.name}`];
    if (entry.isDirectory()) yield* treeEntries(file, path, wants);
    else if (!wants(path)) continue;
    else if (entry.isSymbolicLink()) yield { kind: 'link', path, target: fs.readlinkSync(file) };
    else if (entry.isFile())
      yield {
        kind: 'file',
        path,
        content: fs.readFileSync(file),
        isExecutable: (fs.statSync(file).mode & 0o111) !== 0,
      };
  }
}
