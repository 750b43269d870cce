import * as fs from 'node:fs';
import { errnoOf } from './system-call.ts';

type Opened = Pick<fs.Dir, 'readSync' | 'closeSync'>;

/**
 * Names in the order in which the kernel tells them, which says which entry of binfmt_misc it tries first; Node's readdir sorts them.
 *
 * Node asks for the kind of an entry whose kind the kernel does not tell, and fails when that entry is gone by then: in /proc, a
 * process that ended just now. What is asked for the names alone does not.
 */
export function directoryNames(
  path: string,
  open: (path: string) => Opened = (directory) => fs.opendirSync(directory),
): string[] {
  const directory = open(path);
  try {
    const names: string[] = [];
    for (let item = directory.readSync(); item !== null; item = directory.readSync()) names.push(item.name);
    return names;
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error;
    return fs.readdirSync(path);
  } finally {
    directory.closeSync();
  }
}
