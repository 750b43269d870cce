import * as fs from 'node:fs';

/** Bytes of the files that can be seen; those in directories of other ids cannot. */
export function treeSize(directory: string): number {
  let size = 0;
  try {
    for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
      const path = `${directory}/${entry.name}`;
      if (entry.isDirectory()) size += treeSize(path);
      else if (entry.isFile()) size += fs.lstatSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch (error) {
    if (!['EACCES', 'EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return size;
}
